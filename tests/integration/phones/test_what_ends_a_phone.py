"""After which events the next push does not reach a phone, and after which it does."""

from collections.abc import Callable

import pytest

from switchboard.subscribers.subscriber import Status
from tests.api_stack import PASSWORD
from tests.integration.phones.user import UserWithPhones
from tests.stored_events import stored_events

HOUR = 3600


def test_a_logout_ends_all_tokens_of_its_phone_whichever_session_registered_them(user: UserWithPhones) -> None:
    first, second, elsewhere = user.log_in("phone-1"), user.log_in("phone-1"), user.log_in("phone-2")
    tokens = [user.register("a", first), user.register("b", second), user.register("c", elsewhere)]
    assert user.rung() == tokens
    assert user.ask("POST S/logout", second, {}).status == 200
    assert user.rung() == tokens[2:]


def test_a_logout_also_removes_the_token_that_it_names(user: UserWithPhones) -> None:
    session, stock = user.log_in("phone-1"), user.register("stock-apps")
    user.register("a", session)
    assert user.ask("POST S/logout", session, {"deviceToken": stock}).status == 200
    assert user.rung() == []


ENDS: dict[str, Callable[[UserWithPhones], object]] = {
    "a new password": lambda user: user.as_server("PUT", {"password": "another-one"}),
    "a suspension": lambda user: user.as_server("PUT", {"status": "inactive"}),
    "a suspension that was lifted": lambda user: [
        user.as_server("PUT", {"status": status}) for status in ("inactive", "active")
    ],
    "a deletion": lambda user: user.as_server("DELETE"),
    "a deletion and a new user of that name": lambda user: [user.as_server("DELETE"), user.as_server("PUT", {})],
}


@pytest.mark.parametrize("by", ["a session", "a stock app"])
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_what_ends_all_sessions_ends_all_phones(
    user: UserWithPhones, end: Callable[[UserWithPhones], object], by: str
) -> None:
    token = user.register("a", user.log_in("phone-1") if by == "a session" else "")
    assert user.rung() == [token]
    end(user)
    assert user.rung() == []
    assert user.relay.reasons() == []


def test_a_phone_that_registers_anew_after_a_new_password_rings_again(user: UserWithPhones) -> None:
    user.register("a", user.log_in("phone-1"))
    user.as_server("PUT", {"password": PASSWORD})
    token = user.register("a", user.log_in("phone-1"))
    assert user.rung() == [token]


def test_a_session_that_expired_leaves_its_phone_ringing(user: UserWithPhones) -> None:
    session = user.stack.session(user.name, age=24 * HOUR - 60, device_id="phone-1")
    token = user.register("a", session)
    expired = user.stack.session(user.name, age=25 * HOUR, device_id="phone-1")
    assert user.ask("POST S/devicetoken", expired, {"deviceToken": token}).body["code"] == "session_expired"
    assert user.rung() == [token]


def test_a_session_from_before_a_new_password_registers_no_phone_that_rings(user: UserWithPhones) -> None:
    """Its request was admitted just before; what it stores bears the version of then."""
    user.stack.put("demo1m", user.name, version="v0")
    session = user.stack.session(user.name, version="v0")
    user.register("a", session)
    user.stack.put("demo1m", user.name, version="v1")
    assert user.rung() == []


def test_a_subscriber_token_for_another_device_id_leaves_the_session_with_its_phone(user: UserWithPhones) -> None:
    """iOS may give an app that is installed anew another id, while its session was kept."""
    session = user.log_in("phone-1")
    reissued = user.ask("POST S/token", session, {"device_id": "phone-1-renamed"}).body["session_token"]
    user.register("a", session)
    user.register("b", reissued)
    assert user.ask("POST S/logout", reissued, {}).status == 200
    assert user.rung() == []


def test_a_push_to_a_suspended_subscriber_is_an_event_of_the_timeline(user: UserWithPhones) -> None:
    user.register("a")
    user.stack.put("demo1m", user.name, Status.INACTIVE)
    assert user.rung() == []
    told = stored_events(user.stack.deployment.client("dynamodb"))
    assert "suspended" in [event.details.get("outcome") for event in told if event.subscriber == user.name]
