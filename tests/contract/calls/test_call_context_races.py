"""In any order of POSTs, DELETEs and calls, a caller is only bridged to the callee that they named last."""

import random

import pytest

from switchboard.calls.call_context import CallContextOf
from switchboard.calls.context import Asked, Claim, ClaimedCallee
from switchboard.calls.dial_whom import DialRequest, DialWhom
from switchboard.calls.ports import CallContexts
from switchboard.foundation.errors import InvalidFieldError
from switchboard.subscribers.subscriber import Status
from tests.fakes.clock import FakeClock
from tests.fakes.erasures import FakeErasedUsers

STEPS = 80
LATE_MS = 300
CONTEXT_SECONDS = 60


class Alice:
    """Alice's app, her calls and their retries, in a random order from a seed.

    `named` is the callee of her last delivered POST, unless that ended or expired; `bridged` has each call's callee.
    The store's answers are compared with these before each look and claim, with other requests between.
    """

    def __init__(self, contexts: CallContexts, seed: int) -> None:
        self.random, self.clock, self.contexts = random.Random(seed), FakeClock(), contexts  # noqa: S311 it hides nothing
        self.named: str | None = None
        self.bridged: dict[str, str] = {}
        self.calls: list[str] = []
        self.last: str | None = None  # the call that was answered last
        self.dialling = 0
        self.app = CallContextOf(contexts, self.clock, CONTEXT_SECONDS, FakeErasedUsers())

    def does_something(self) -> None:
        self.clock.sleep(0.001)
        posts = (self.posts, self.posts, self.posts_what_is_refused, self.loses_a_post, self.deletes, self.waits_long)
        calls = (self.dials, self.dials, self.is_asked_about_again)
        self.random.choice(posts if self.dialling == 2 else posts + calls)()

    def posts(self) -> None:
        self.named = f"callee{self.random.randrange(10**9)}"
        self.app.set("acme", "alice", self.named, "")

    def posts_what_is_refused(self) -> None:
        with pytest.raises(InvalidFieldError), self.app.replacing("acme", "alice"):
            self.app.set("acme", "alice", "sip:+919876543210", "")
        self.named = None

    def loses_a_post(self) -> None:
        """Nothing arrives."""

    def deletes(self) -> None:
        self.app.delete("acme", "alice")
        self.named = None

    def waits_long(self) -> None:
        self.clock.sleep(CONTEXT_SECONDS + 1)
        self.named = None

    def dials(self) -> None:
        self.calls.append(f"call-{len(self.calls)}")
        self.asks(self.calls[-1])

    def is_asked_about_again(self) -> None:
        """Exotel repeats its request for the newest call, answered or not, or for the one answered last."""
        known = [call for call in (*self.calls[-1:], self.last) if call]
        if known:
            self.asks(self.random.choice(known))

    def asks(self, call: str) -> None:
        self.dialling += 1
        repeated = self.last == call
        use_case = DialWhom(self, self, self.clock, self.clock.sleep, LATE_MS, False, lambda *_: None)  # type: ignore[arg-type]
        callee = use_case(DialRequest("acme", "alice", call, "", self.clock())).callee
        self.dialling -= 1
        assert callee in (None, self.bridged.get(call))
        assert not repeated or callee or self.last != call

    def status(self, account: str, name: str) -> Status | None:
        return None

    def look(self, account: str, caller: str, call: str, now: int) -> ClaimedCallee:
        self.meanwhile()
        found = self.contexts.look(account, caller, call, now)
        assert found == self.right(call, fresh=None)
        return found

    def claim(self, account: str, caller: str, call: str, asked: Asked) -> ClaimedCallee:
        self.meanwhile()
        asked = asked._replace(waited_ms=int(self.clock() * 1000) - asked.at)
        right = self.right(call, fresh=self.named)
        found = self.contexts.claim(account, caller, call, asked)
        assert found == right
        if found.callee is not None:
            self.bridged[call], self.last = found.callee, call
        return found

    def right(self, call: str, fresh: str | None) -> ClaimedCallee:
        """Return the expected answer: for a repeated call its own one again, else a callee not used yet."""
        if call == self.last:
            return ClaimedCallee(Claim.REPEATED, self.bridged[call])
        if self.named is None:
            return ClaimedCallee(Claim.ABSENT)
        used = self.named in self.bridged.values()
        return ClaimedCallee(Claim.USED) if used else ClaimedCallee(Claim.FRESH, fresh)

    def meanwhile(self) -> None:
        if self.random.random() < 0.4:
            self.does_something()


@pytest.mark.parametrize("seed", range(4))
def test_a_call_reaches_the_callee_of_the_last_post_and_a_retry_gets_the_same_answer(
    contexts: CallContexts, seed: int
) -> None:
    alice = Alice(contexts, seed)
    for _ in range(STEPS):
        alice.does_something()
    assert len(alice.calls) > STEPS / 8
    assert len(alice.bridged) > len(alice.calls) / 8  # else a service that bridges nobody would pass
    assert len(set(alice.bridged.values())) == len(alice.bridged)
