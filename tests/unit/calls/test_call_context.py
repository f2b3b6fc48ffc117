import pytest

from switchboard.calls.call_context import CallContextOf
from switchboard.foundation.errors import (
    ForbiddenError,
    InvalidFieldError,
    MalformedRequestError,
    NotFoundError,
    SwitchboardError,
    TooLargeError,
    TooManyRequestsError,
    UnauthorizedError,
)
from switchboard.subscribers.erased import ErasedUser
from tests.fakes.call_contexts import FakeCallContexts
from tests.fakes.clock import FakeClock
from tests.fakes.erasures import FakeErasedUsers


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def erased() -> FakeErasedUsers:
    return FakeErasedUsers()


@pytest.fixture
def contexts(clock: FakeClock, erased: FakeErasedUsers) -> CallContextOf:
    return CallContextOf(FakeCallContexts(), clock, 60, erased)


@pytest.mark.parametrize("reader", ["alice", "bob", None])
def test_caller_callee_and_stock_apps_may_read_a_context(contexts: CallContextOf, reader: str | None) -> None:
    contexts.set("acme", "alice", "sip:bob", "about your order")
    found = contexts.get("acme", "alice", reader)
    assert found is not None
    assert found.message == "about your order"


def test_others_are_refused_whether_there_is_a_context_or_not(contexts: CallContextOf) -> None:
    with pytest.raises(ForbiddenError):
        contexts.get("acme", "alice", "carol")
    contexts.set("acme", "alice", "bob", "")
    with pytest.raises(ForbiddenError):
        contexts.get("acme", "alice", "carol")


def test_a_context_lasts_as_long_as_the_settings_say(contexts: CallContextOf, clock: FakeClock) -> None:
    contexts.set("acme", "alice", "bob", "")
    clock.sleep(59)
    assert contexts.get("acme", "alice", "alice") is not None
    clock.sleep(1)
    with pytest.raises(NotFoundError):
        contexts.get("acme", "alice", "alice")


def test_a_deleted_context_is_gone(contexts: CallContextOf) -> None:
    contexts.set("acme", "alice", "bob", "")
    contexts.delete("acme", "alice")
    with pytest.raises(NotFoundError):
        contexts.get("acme", "alice", "alice")


def test_stock_apps_get_an_empty_message_where_there_is_no_context(contexts: CallContextOf) -> None:
    assert contexts.get("acme", "alice", None) is None


@pytest.mark.parametrize(("display_name", "shown"), [("Alice of Sales", "Alice of Sales"), ("", "alice")])
def test_a_caller_is_shown_by_display_name_or_name(contexts: CallContextOf, display_name: str, shown: str) -> None:
    assert contexts.set("acme", "alice", "bob", "", display_name).shown_caller == shown


@pytest.mark.parametrize("callee", ["", "sip:", "two words", "a" * 17, "bob#carol"])
def test_a_callee_that_cannot_exist_is_refused_by_the_fields_name(contexts: CallContextOf, callee: str) -> None:
    with pytest.raises(InvalidFieldError) as refused:
        contexts.set("acme", "alice", callee, "")
    assert refused.value.field == "dialToNumber"


@pytest.mark.parametrize("destination", ["wa:919876543210", "WA:919876543210", "Wa:+919876543210", " wa:bob", "wa:"])
def test_a_whatsapp_number_is_no_destination_of_ours(contexts: CallContextOf, destination: str) -> None:
    with pytest.raises(InvalidFieldError) as refused:
        contexts.set("acme", "alice", destination, "")
    assert (refused.value.code, refused.value.field) == ("unsupported_destination", "dialToNumber")


def test_the_name_of_a_deleted_user_is_not_stored_until_somebody_else_has_it(
    contexts: CallContextOf, erased: FakeErasedUsers
) -> None:
    contexts.set("acme", "alice", "bob", "for the first one")
    erased.deleted = [ErasedUser("acme", "bob", "erasure")]
    with pytest.raises(InvalidFieldError) as refused, contexts.replacing("acme", "alice"):
        contexts.set("acme", "alice", "sip:bob", "")
    assert (refused.value.code, refused.value.field) == ("deleted_subscriber", "dialToNumber")
    with pytest.raises(NotFoundError):
        contexts.get("acme", "alice", "alice")
    contexts.set("other", "alice", "bob", "")
    erased.deleted = [ErasedUser("acme", "bob", "erasure", reborn_at=1)]
    assert contexts.set("acme", "alice", "bob", "for the next one").callee == "bob"


@pytest.mark.parametrize("number", ["sip:+919876543210", "+919876543210", "sip:wa:919876543210"])
def test_a_phone_number_is_no_name(contexts: CallContextOf, number: str) -> None:
    with pytest.raises(InvalidFieldError) as refused:
        contexts.set("acme", "alice", number, "")
    assert (refused.value.code, refused.value.message) == (
        "invalid_name",
        "dialToNumber must be 1 to 16 letters and digits, as Exotel requires",
    )


def test_digits_may_be_a_subscribers_name(contexts: CallContextOf) -> None:
    assert contexts.set("acme", "alice", "sip:919876543210", "").callee == "919876543210"


@pytest.mark.parametrize("refusal", [MalformedRequestError("c", ""), InvalidFieldError("c", "")])
def test_a_context_with_invalid_content_is_refused_and_ends_the_one_before(
    contexts: CallContextOf, refusal: SwitchboardError
) -> None:
    contexts.set("acme", "alice", "bob", "")
    with pytest.raises(type(refusal)), contexts.replacing("acme", "alice"):
        raise refusal
    with pytest.raises(NotFoundError):
        contexts.get("acme", "alice", "alice")
    (ending,) = contexts.contexts.endings  # type: ignore[attr-defined]
    assert (ending.by, ending.expires_at - ending.at // 1000) == ("c", 60)


@pytest.mark.parametrize(
    "refusal",
    [TooLargeError("c", ""), UnauthorizedError("c", ""), ForbiddenError("c", ""), TooManyRequestsError("c", "")],
)
def test_a_context_refused_for_another_reason_ends_nothing(contexts: CallContextOf, refusal: SwitchboardError) -> None:
    contexts.set("acme", "alice", "bob", "")
    with pytest.raises(type(refusal)), contexts.replacing("acme", "alice"):
        raise refusal
    assert contexts.get("acme", "alice", "alice") is not None


def test_a_message_may_have_a_thousand_characters_and_no_more(contexts: CallContextOf) -> None:
    contexts.set("acme", "alice", "bob", "x" * 1000)
    with pytest.raises(InvalidFieldError) as refused:
        contexts.set("acme", "alice", "bob", "x" * 1001)
    assert refused.value.field == "message"


def test_a_context_for_an_earlier_user_of_a_name_is_not_the_next_ones(
    contexts: CallContextOf, clock: FakeClock
) -> None:
    contexts.set("acme", "alice", "bob", "for the first bob")
    clock.sleep(1)
    born = int(clock() * 1000)
    for reader in ("bob", "alice"):  # whoever of them is new
        with pytest.raises((ForbiddenError, NotFoundError)):
            contexts.get("acme", "alice", reader, born)
    contexts.set("acme", "alice", "bob", "for the next one")
    assert contexts.get("acme", "alice", "bob", born) is not None
