"""After which events the next push does not reach a phone, and after which it does."""

from collections.abc import Callable

import pytest

from switchboard.subscribers.subscriber import Status
from tests.api_stack import PASSWORD
from tests.integration.phones.house import House

HOUR = 3600


def test_a_logout_ends_all_tokens_of_its_phone_whichever_session_registered_them(house: House) -> None:
    first, second, elsewhere = house.log_in("phone-1"), house.log_in("phone-1"), house.log_in("phone-2")
    tokens = [house.register("a", first), house.register("b", second), house.register("c", elsewhere)]
    assert house.rung() == tokens
    assert house.ask("POST S/logout", second, {}).status == 200
    assert house.rung() == tokens[2:]


def test_a_logout_also_removes_the_token_that_it_names(house: House) -> None:
    session, stock = house.log_in("phone-1"), house.register("stock-apps")
    house.register("a", session)
    assert house.ask("POST S/logout", session, {"deviceToken": stock}).status == 200
    assert house.rung() == []


ENDS: dict[str, Callable[[House], object]] = {
    "a new password": lambda house: house.as_server("PUT", {"password": "another-one"}),
    "a suspension": lambda house: house.as_server("PUT", {"status": "inactive"}),
    "a suspension that was lifted": lambda house: [
        house.as_server("PUT", {"status": status}) for status in ("inactive", "active")
    ],
    "a deletion": lambda house: house.as_server("DELETE"),
    "a deletion and a new user of that name": lambda house: [house.as_server("DELETE"), house.as_server("PUT", {})],
}


@pytest.mark.parametrize("by", ["a session", "a stock app"])
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_what_ends_all_sessions_ends_all_phones(house: House, end: Callable[[House], object], by: str) -> None:
    token = house.register("a", house.log_in("phone-1") if by == "a session" else "")
    assert house.rung() == [token]
    end(house)
    assert house.rung() == []
    assert house.relay.reasons() == []


def test_a_phone_that_registers_anew_after_a_new_password_rings_again(house: House) -> None:
    house.register("a", house.log_in("phone-1"))
    house.as_server("PUT", {"password": PASSWORD})
    token = house.register("a", house.log_in("phone-1"))
    assert house.rung() == [token]


def test_a_session_that_expired_leaves_its_phone_ringing(house: House) -> None:
    session = house.stack.session(house.name, age=24 * HOUR - 60, device_id="phone-1")
    token = house.register("a", session)
    expired = house.stack.session(house.name, age=25 * HOUR, device_id="phone-1")
    assert house.ask("POST S/devicetoken", expired, {"deviceToken": token}).body["code"] == "session_expired"
    assert house.rung() == [token]


def test_a_session_from_before_a_new_password_registers_no_phone_that_rings(house: House) -> None:
    """Its request was admitted just before; what it stores bears the version of then."""
    house.stack.put("demo1m", house.name, version="v0")
    session = house.stack.session(house.name, version="v0")
    house.register("a", session)
    house.stack.put("demo1m", house.name, version="v1")
    assert house.rung() == []


def test_a_subscriber_token_for_another_device_id_leaves_the_session_with_its_phone(house: House) -> None:
    """iOS may give an app that is installed anew another id, while its session was kept."""
    session = house.log_in("phone-1")
    reissued = house.ask("POST S/token", session, {"device_id": "phone-1-renamed"}).body["session_token"]
    house.register("a", session)
    house.register("b", reissued)
    assert house.ask("POST S/logout", reissued, {}).status == 200
    assert house.rung() == []


def test_a_push_to_who_is_suspended_is_told_to_the_timeline(house: House) -> None:
    house.register("a")
    house.stack.put("demo1m", house.name, Status.INACTIVE)
    assert house.rung() == []
    told: list[str] = []
    while messages := house.relay.received("TimelineQueue"):
        told += [message["Body"].replace("\\", "").replace(" ", "") for message in messages]
    assert any(house.name in events and '"outcome":"suspended"' in events for events in told)
