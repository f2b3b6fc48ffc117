"""The list of a user's phones, and a removal from it."""

import time

import pytest

from switchboard.aws import clients as aws
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from tests.benches.record_call import on_dynamodb
from tests.identity_stack import SERVER_KEY
from tests.integration.phones.user import UserWithPhones
from tests.push_stack import log_lines
from tests.silent_phones import phone, silent
from tests.tables import create_table

IDS = ["the user", "the server"]


def credential(user: UserWithPhones, who: str) -> str:
    return user.log_in("phone-1") if who == "the user" else SERVER_KEY


@pytest.mark.parametrize("who", IDS)
def test_a_phone_is_shown_without_its_token(user: UserWithPhones, who: str) -> None:
    token = user.register("a", user.log_in("phone-1"))
    (shown,) = user.devices(credential(user, who))
    key, registered_at = shown.pop("deviceKey"), shown.pop("registeredAt")
    assert shown == {
        "platform": None,
        "tokenType": "fcm",
        "environment": None,
        "lastAcceptedAt": None,
        "disabled": False,
        "reason": None,
        "probablyDead": False,
    }
    assert abs(registered_at - time.time()) < 600
    assert token not in key
    assert token not in user.ask("GET S/devices", SERVER_KEY).text


def test_the_last_accepted_push_is_shown(user: UserWithPhones) -> None:
    user.register("a")
    assert len(user.rung()) == 1
    accepted = user.devices(SERVER_KEY)[0]["lastAcceptedAt"]
    assert abs(accepted - time.time()) < 600
    assert len(user.rung()) == 1
    assert user.devices(SERVER_KEY)[0]["lastAcceptedAt"] == accepted


def test_a_phone_whose_sessions_ended_is_shown_as_disabled(user: UserWithPhones) -> None:
    user.register("a")
    user.as_server("PUT", {"password": "another-one"})
    (shown,) = user.devices(SERVER_KEY)
    assert (shown["disabled"], shown["reason"]) == (True, "sessions-ended")


@pytest.mark.parametrize("who", IDS)
def test_a_removed_phone_does_not_ring_and_is_gone(user: UserWithPhones, who: str) -> None:
    may = credential(user, who)
    user.register("a", user.log_in("phone-1"))
    kept = user.register("b", user.log_in("phone-2"))
    first = next(shown["deviceKey"] for shown in reversed(user.devices(may)))
    answer = user.ask("DELETE S/devices/{deviceKey}", may, deviceKey=first)
    assert (answer.status, answer.text) == (204, "")
    assert user.rung() == [kept]
    again = user.ask("DELETE S/devices/{deviceKey}", may, deviceKey=first)
    assert (again.status, again.body["code"]) == (404, "unknown_device")


@pytest.mark.parametrize("key", ["../profile", "profile", "", "0" * 5_000, "device#x", "%00"])
def test_a_key_of_no_device_is_not_found(user: UserWithPhones, key: str) -> None:
    assert user.ask("DELETE S/devices/{deviceKey}", SERVER_KEY, deviceKey=key).body["code"] == "unknown_device"


@pytest.mark.parametrize(("account", "name"), [("demo1m", "nobody"), ("x" * 3_000, "alice"), ("demo1m", "x" * 3_000)])
def test_nobodys_devices_are_not_found(user: UserWithPhones, account: str, name: str) -> None:
    answer = user.ask("GET S/devices", SERVER_KEY, accountSid=account, name=name)
    assert (answer.status, answer.body["code"]) == (404, "unknown_subscriber")


def test_another_users_phone_cannot_be_removed(user: UserWithPhones) -> None:
    theirs = UserWithPhones(user.stack, user.relay)
    token = theirs.register("a")
    (shown,) = theirs.devices(SERVER_KEY)
    own = user.ask("DELETE S/devices/{deviceKey}", user.log_in("phone-1"), deviceKey=shown["deviceKey"])
    assert own.body["code"] == "unknown_device"
    assert theirs.rung() == [token]


NONE = ["", None, " ", "null", "NULL", "(null)", "<null>", "nil", " Nil ", "undefined"]


@pytest.mark.parametrize("token", NONE)
def test_a_missing_token_is_accepted_from_a_stock_app_and_refused_with_a_session(
    user: UserWithPhones, token: str | None
) -> None:
    body = {"deviceToken": token}
    for bodies in (body, {}):
        stock = user.ask("POST S/devicetoken", "exotels-own.access.token", bodies)
        assert (stock.status, stock.body["http_code"]) == (200, 200)
        assert "warning" in stock.body
        refused = user.ask("POST S/devicetoken", user.log_in("phone-1"), bodies)
        assert (refused.status, refused.body["field"]) == (422, "deviceToken")
    assert user.devices(SERVER_KEY) == []


@pytest.mark.parametrize("who", IDS)
def test_a_phone_that_took_ten_pushes_in_vain_is_shown_as_probably_dead(user: UserWithPhones, who: str) -> None:
    may, device = credential(user, who), phone("dead", user.name)
    DynamoDevices(aws.client("dynamodb"), "SubscribersTable").register("demo1m", user.name, device)
    user.register("another", user.log_in("phone-2"))
    recorder = on_dynamodb()
    silent(device, lambda *events: recorder.add(list(events)), user.name)

    shown = {one["deviceKey"]: one["probablyDead"] for one in user.devices(may)}
    assert shown.pop(device.key) is True
    assert list(shown.values()) == [False]


def test_without_the_calls_table_nobody_knows_which_phone_is_dead(user: UserWithPhones) -> None:
    device = phone("old", user.name)
    DynamoDevices(aws.client("dynamodb"), "SubscribersTable").register("demo1m", user.name, device)
    dynamodb = user.stack.deployment.client("dynamodb")
    dynamodb.delete_table(TableName="CallsTable")
    try:
        with log_lines() as lines:
            assert [one["probablyDead"] for one in user.devices(SERVER_KEY)] == [None]
        assert "not judged" in lines.getvalue()
    finally:
        create_table(dynamodb, "CallsTable")
