"""What every implementation of ports.calls.CallContexts does: the fake, and DynamoDB in moto."""

from typing import Protocol

from switchboard.calls.context import DELETED, Asked, CallContext, Claim, ClaimedCallee, Ending, SharedWith
from switchboard.calls.ports import CallContexts, SharedContexts

NOW = 1_700_000_000


class SharedCallContexts(CallContexts, SharedContexts, Protocol):
    """Both ports, which one adapter implements."""


ASKED = Asked(NOW * 1000 - 250, 250, "context")
ENDED = Ending(NOW * 1000, DELETED, NOW + 60)


def context(callee: str = "bob", *, account: str = "acme", set_at: int = NOW * 1000, lasts: int = 60) -> CallContext:
    return CallContext(account, "alice", callee, "about your order", set_at, NOW + lasts, "Alice")


def test_what_was_put_is_found(contexts: CallContexts) -> None:
    contexts.put(context())
    assert contexts.find("acme", "alice", NOW) == context()


def test_another_accounts_context_is_not_found(contexts: CallContexts) -> None:
    contexts.put(context(account="other"))
    assert contexts.find("acme", "alice", NOW) is None


def test_the_last_write_wins(contexts: CallContexts) -> None:
    contexts.put(context("bob"))
    contexts.put(context("carol", set_at=NOW * 1000 + 1))
    assert contexts.find("acme", "alice", NOW) == context("carol", set_at=NOW * 1000 + 1)


def test_an_expired_context_is_neither_found_nor_claimed(contexts: CallContexts) -> None:
    contexts.put(context(lasts=0))
    assert contexts.find("acme", "alice", NOW) is None
    assert contexts.claim("acme", "alice", "call-1", ASKED) == ClaimedCallee(Claim.ABSENT)


def test_an_ended_context_is_gone_and_ending_again_is_no_error(contexts: CallContexts) -> None:
    contexts.put(context())
    contexts.end("acme", "alice", ENDED)
    contexts.end("acme", "alice", ENDED)
    assert contexts.find("acme", "alice", NOW) is None
    assert contexts.claim("acme", "alice", "call-1", ASKED) == ClaimedCallee(Claim.ABSENT)


def test_ending_where_there_is_no_context_leaves_none(contexts: CallContexts) -> None:
    contexts.end("acme", "alice", ENDED)
    assert contexts.find("acme", "alice", NOW) is None
    assert contexts.claim("acme", "alice", "call-1", ASKED) == ClaimedCallee(Claim.ABSENT)


def test_a_context_after_an_ended_one_is_fresh(contexts: CallContexts) -> None:
    contexts.put(context())
    contexts.claim("acme", "alice", "call-1", ASKED)
    contexts.end("acme", "alice", ENDED)
    contexts.put(context("carol", set_at=NOW * 1000 + 1))
    assert contexts.find("acme", "alice", NOW) == context("carol", set_at=NOW * 1000 + 1)
    assert contexts.claim("acme", "alice", "call-2", ASKED) == ClaimedCallee(Claim.FRESH, "carol")


def test_the_end_of_a_context_leaves_the_last_calls_answer_for_its_retries(contexts: CallContexts) -> None:
    contexts.put(context())
    contexts.claim("acme", "alice", "call-1", ASKED)
    contexts.end("acme", "alice", ENDED)
    assert contexts.claim("acme", "alice", "call-1", ASKED) == ClaimedCallee(Claim.REPEATED, "bob")
    assert contexts.claim("acme", "alice", "call-2", ASKED) == ClaimedCallee(Claim.ABSENT)


def test_deleting_erases_the_last_calls_answer_too(contexts: CallContexts) -> None:
    contexts.put(context())
    contexts.claim("acme", "alice", "call-1", ASKED)
    contexts.delete("acme", "alice")
    assert contexts.claim("acme", "alice", "call-1", ASKED) == ClaimedCallee(Claim.ABSENT)


def test_a_deleted_context_is_gone_and_deleting_again_is_no_error(contexts: CallContexts) -> None:
    contexts.put(context())
    contexts.delete("acme", "alice")
    contexts.delete("acme", "alice")
    assert contexts.find("acme", "alice", NOW) is None
    assert contexts.claim("acme", "alice", "call-1", ASKED) == ClaimedCallee(Claim.ABSENT)


def test_the_first_call_gets_a_fresh_context_and_its_repetition_the_same_answer(contexts: CallContexts) -> None:
    contexts.put(context())
    assert contexts.claim("acme", "alice", "call-1", ASKED) == ClaimedCallee(Claim.FRESH, "bob")
    assert contexts.claim("acme", "alice", "call-1", ASKED) == ClaimedCallee(Claim.REPEATED, "bob")


def test_another_call_learns_that_the_context_is_used(contexts: CallContexts) -> None:
    contexts.put(context())
    contexts.claim("acme", "alice", "call-1", ASKED)
    assert contexts.claim("acme", "alice", "call-2", ASKED) == ClaimedCallee(Claim.USED)


def test_a_newer_context_is_fresh_for_the_next_call(contexts: CallContexts) -> None:
    contexts.put(context())
    contexts.claim("acme", "alice", "call-1", ASKED)
    contexts.put(context("carol", set_at=NOW * 1000 + 1))
    assert contexts.claim("acme", "alice", "call-2", ASKED) == ClaimedCallee(Claim.FRESH, "carol")


def test_exotels_retry_of_a_call_is_answered_as_before_though_a_newer_context_is_set(contexts: CallContexts) -> None:
    contexts.put(context())
    contexts.claim("acme", "alice", "call-1", ASKED)
    contexts.put(context("carol", set_at=NOW * 1000 + 1))
    assert contexts.claim("acme", "alice", "call-1", ASKED) == ClaimedCallee(Claim.REPEATED, "bob")
    assert contexts.claim("acme", "alice", "call-2", ASKED) == ClaimedCallee(Claim.FRESH, "carol")


def test_a_look_returns_what_a_claim_would_return_and_claims_nothing(contexts: CallContexts) -> None:
    def looks() -> list[ClaimedCallee]:
        return [contexts.look("acme", "alice", call, NOW) for call in ("call-1", "call-2")]

    assert looks() == [ClaimedCallee(Claim.ABSENT)] * 2
    contexts.put(context())
    assert looks() == [ClaimedCallee(Claim.FRESH)] * 2
    assert contexts.look("acme", "alice", "call-1", NOW + 60) == ClaimedCallee(Claim.ABSENT)
    contexts.claim("acme", "alice", "call-1", ASKED)
    assert looks() == [ClaimedCallee(Claim.REPEATED, "bob"), ClaimedCallee(Claim.USED)]
    contexts.end("acme", "alice", ENDED)
    assert looks() == [ClaimedCallee(Claim.REPEATED, "bob"), ClaimedCallee(Claim.ABSENT)]


def test_a_trace_without_a_context_is_no_context(contexts: CallContexts) -> None:
    contexts.note("acme", "alice", "call-1", ASKED, callee=None, expires_at=NOW + 60)
    contexts.note("acme", "alice", "call-2", ASKED, callee="carol", expires_at=NOW + 60)
    assert contexts.find("acme", "alice", NOW) is None
    assert contexts.claim("acme", "alice", "call-1", ASKED) == ClaimedCallee(Claim.ABSENT)
    assert contexts.claim("acme", "alice", "call-2", ASKED) == ClaimedCallee(Claim.ABSENT)


def test_a_trace_leaves_a_context_as_it_is(contexts: CallContexts) -> None:
    contexts.put(context())
    contexts.note("acme", "alice", "call-1", ASKED, callee=None, expires_at=NOW + 3600)
    assert contexts.find("acme", "alice", NOW) == context()
    assert contexts.claim("acme", "alice", "call-1", ASKED) == ClaimedCallee(Claim.FRESH, "bob")


def test_a_shared_context_says_when_a_call_used_it(contexts: SharedCallContexts) -> None:
    assert contexts.shared("acme", "alice", NOW) is None
    contexts.put(context())
    assert contexts.shared("acme", "alice", NOW) == SharedWith(context(), None)

    contexts.claim("acme", "alice", "call-1", ASKED)
    assert contexts.shared("acme", "alice", NOW) == SharedWith(context(), ASKED.at)

    newer = context("carol", set_at=NOW * 1000 + 1)
    contexts.put(newer)
    assert contexts.shared("acme", "alice", NOW) == SharedWith(newer, None)


def test_an_expired_or_ended_context_is_not_shared(contexts: SharedCallContexts) -> None:
    contexts.put(context(lasts=0))
    assert contexts.shared("acme", "alice", NOW) is None
    contexts.put(context())
    contexts.end("acme", "alice", ENDED)
    assert contexts.shared("acme", "alice", NOW) is None
