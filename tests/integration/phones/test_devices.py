"""The list of a user's phones, and a removal from it."""

import time

import pytest

from tests.identity_stack import SERVER_KEY
from tests.integration.phones.house import House

IDS = ["the user", "the server"]


def credential(house: House, who: str) -> str:
    return house.log_in("phone-1") if who == "the user" else SERVER_KEY


@pytest.mark.parametrize("who", IDS)
def test_a_phone_is_shown_without_its_token(house: House, who: str) -> None:
    token = house.register("a", house.log_in("phone-1"))
    (shown,) = house.devices(credential(house, who))
    key, registered_at = shown.pop("deviceKey"), shown.pop("registeredAt")
    assert shown == {
        "platform": None,
        "tokenType": "fcm",
        "environment": None,
        "lastAcceptedAt": None,
        "disabled": False,
        "reason": None,
    }
    assert abs(registered_at - time.time()) < 600
    assert token not in key
    assert token not in house.ask("GET S/devices", SERVER_KEY).text


def test_the_last_accepted_push_is_shown(house: House) -> None:
    house.register("a")
    assert len(house.rung()) == 1
    accepted = house.devices(SERVER_KEY)[0]["lastAcceptedAt"]
    assert abs(accepted - time.time()) < 600
    assert len(house.rung()) == 1
    assert house.devices(SERVER_KEY)[0]["lastAcceptedAt"] == accepted


def test_a_phone_whose_sessions_ended_is_shown_as_disabled(house: House) -> None:
    house.register("a")
    house.as_server("PUT", {"password": "another-one"})
    (shown,) = house.devices(SERVER_KEY)
    assert (shown["disabled"], shown["reason"]) == (True, "sessions-ended")


@pytest.mark.parametrize("who", IDS)
def test_a_removed_phone_does_not_ring_and_is_gone(house: House, who: str) -> None:
    may = credential(house, who)
    house.register("a", house.log_in("phone-1"))
    kept = house.register("b", house.log_in("phone-2"))
    first = next(shown["deviceKey"] for shown in reversed(house.devices(may)))
    answer = house.ask("DELETE S/devices/{deviceKey}", may, deviceKey=first)
    assert (answer.status, answer.text) == (204, "")
    assert house.rung() == [kept]
    again = house.ask("DELETE S/devices/{deviceKey}", may, deviceKey=first)
    assert (again.status, again.body["code"]) == (404, "unknown_device")


@pytest.mark.parametrize("key", ["../profile", "profile", "", "0" * 5_000, "device#x", "%00"])
def test_a_key_of_no_device_is_not_found(house: House, key: str) -> None:
    assert house.ask("DELETE S/devices/{deviceKey}", SERVER_KEY, deviceKey=key).body["code"] == "unknown_device"


@pytest.mark.parametrize(("account", "name"), [("demo1m", "nobody"), ("x" * 3_000, "alice"), ("demo1m", "x" * 3_000)])
def test_nobodys_devices_are_not_found(house: House, account: str, name: str) -> None:
    answer = house.ask("GET S/devices", SERVER_KEY, accountSid=account, name=name)
    assert (answer.status, answer.body["code"]) == (404, "unknown_subscriber")


def test_another_users_phone_cannot_be_removed(house: House) -> None:
    theirs = House(house.stack, house.relay)
    token = theirs.register("a")
    (shown,) = theirs.devices(SERVER_KEY)
    own = house.ask("DELETE S/devices/{deviceKey}", house.log_in("phone-1"), deviceKey=shown["deviceKey"])
    assert own.body["code"] == "unknown_device"
    assert theirs.rung() == [token]


NONE = ["", None, " ", "null", "NULL", "(null)", "<null>", "nil", " Nil ", "undefined"]


@pytest.mark.parametrize("token", NONE)
def test_a_stock_app_without_a_token_yet_goes_on_and_a_session_is_told(house: House, token: str | None) -> None:
    body = {"deviceToken": token}
    for bodies in (body, {}):
        stock = house.ask("POST S/devicetoken", "exotels-own.access.token", bodies)
        assert (stock.status, stock.body["http_code"]) == (200, 200)
        assert "warning" in stock.body
        refused = house.ask("POST S/devicetoken", house.log_in("phone-1"), bodies)
        assert (refused.status, refused.body["field"]) == (422, "deviceToken")
    assert house.devices(SERVER_KEY) == []
