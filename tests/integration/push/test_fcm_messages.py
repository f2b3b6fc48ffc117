"""The messages to FCM, and the outcome of each of its answers: the tables of contract 6."""

from dataclasses import replace
from typing import Any

import pytest

from local.simulators import Simulators
from local.simulators.faults import Fault
from switchboard.pushes.cancel import Cancel, Invited, Reason
from switchboard.pushes.fcm import FcmGateway
from switchboard.pushes.payload import size_of
from switchboard.pushes.push import Delivery, Outcome
from switchboard.subscribers.subscriber import Device, Platform, TokenType
from tests.integration.push.fcm import NOW, PHONE, PUSH, send
from tests.push_stack import jwt

DATA = {
    "subscriberName": "Dave",
    "payload": jwt(),
    "payloadVersion": "2.0",
    "type": "call",
    "pushId": "push-1",
    "callUuid": PUSH.call_uuid,
    "callerName": "Alice",
    "sentAt": str(NOW),
    "expiresAt": str(NOW + 27_600),
}

ANDROID = {"priority": "HIGH", "ttl": "27s"}

APNS = {
    "headers": {
        "apns-priority": "10",
        "apns-push-type": "alert",
        "apns-expiration": str((NOW + 27_600) // 1000),
        "apns-collapse-id": PUSH.call_uuid,
    },
    "payload": {"aps": {"alert": {"title": "Incoming call"}, "sound": "default", "content-available": 1}},
}

STOPPED = {"alert": {"title": "Answered on another device"}, "content-available": 1}
CANCEL = Cancel(
    "demo1m", "Dave", "1#sid-1", Reason.ANSWERED_ELSEWHERE, NOW - 40, NOW - 40, NOW + 27_600, "push-1", "phone-2"
)


@pytest.mark.parametrize(
    ("platform", "blocks"),
    [
        (Platform.ANDROID, {"android": ANDROID}),
        (Platform.IOS, {"apns": APNS}),
        (None, {"android": ANDROID, "apns": APNS}),
    ],
)
def test_the_message_is_the_contracts_and_passes_googles_schema(
    gateway: FcmGateway, simulators: Simulators, platform: Platform | None, blocks: dict[str, Any]
) -> None:
    device = Device("phone", TokenType.FCM, 1, platform=platform)

    assert send(gateway, device).outcome is Outcome.ACCEPTED

    (push,) = simulators.pushes.accepted()
    assert push.message == {"token": "phone", "data": DATA, "fcmOptions": {"analyticsLabel": "call"}, **blocks}


@pytest.mark.parametrize(
    ("platform", "blocks"),
    [
        (Platform.ANDROID, {"android": ANDROID}),
        (Platform.IOS, {"apns": APNS | {"payload": {"aps": STOPPED}}}),
        (None, {"android": ANDROID, "apns": APNS | {"payload": {"aps": STOPPED}}}),
    ],
)
def test_a_cancel_makes_no_sound_and_takes_the_place_of_its_invite(
    gateway: FcmGateway, simulators: Simulators, platform: Platform | None, blocks: dict[str, Any]
) -> None:
    device = Device("phone", TokenType.FCM, 1, platform=platform)
    told = replace(CANCEL, invites={device.key: Invited("push-1", PUSH.call_uuid)})

    delivery = gateway.send(told, device, expires_at_ms=NOW + 27_600, now_ms=NOW)

    assert delivery.outcome is Outcome.ACCEPTED
    (push,) = simulators.pushes.accepted()
    data = {
        "type": "cancel",
        "pushId": "push-1",
        "callUuid": PUSH.call_uuid,
        "subscriberName": "Dave",
        "reason": "answeredElsewhere",
        "at": str(NOW - 40),
    }
    assert push.message == {"token": "phone", "data": data, "fcmOptions": {"analyticsLabel": "cancel"}, **blocks}


def test_a_firebase_installation_is_named_as_one(gateway: FcmGateway, simulators: Simulators) -> None:
    assert send(gateway, Device("phone", TokenType.FID, 1)).outcome is Outcome.ACCEPTED

    (push,) = simulators.pushes.accepted()
    assert (push.message["fid"], "token" in push.message) == ("phone", False)


@pytest.mark.parametrize(("spare", "left_out"), [(400, set()), (100, {"sentAt", "expiresAt"}), (0, None)])
def test_what_is_ours_is_left_out_where_exotels_part_leaves_no_room(
    gateway: FcmGateway, simulators: Simulators, spare: int, left_out: set[str] | None
) -> None:
    exotels = replace(PUSH, payload="").exotels()
    big = replace(PUSH, payload="e30.e30." + "s" * (4096 - spare - size_of(exotels) - 8))

    delivery = gateway.send(big, PHONE, expires_at_ms=NOW + 27_600, now_ms=NOW)

    (push,) = simulators.pushes.attempts()
    assert (delivery.outcome, push.data["payload"]) == (Outcome.ACCEPTED, big.payload)
    gone = set(DATA) - set(push.data)
    assert gone == (set(DATA) - set(exotels) if left_out is None else left_out)


def test_a_push_in_its_last_second_has_a_ttl_of_zero(gateway: FcmGateway, simulators: Simulators) -> None:
    send(gateway, left=0.7)
    assert simulators.pushes.accepted()[0].message["android"]["ttl"] == "0s"


ROWS = [
    (Fault("fcm", error_code="UNREGISTERED"), Delivery(Outcome.DEAD_TOKEN, "404 UNREGISTERED")),
    (Fault("fcm", status=404), Delivery(Outcome.CONFIGURATION_FAULT, "404")),
    (Fault("fcm", status=401, times=2), Delivery(Outcome.CONFIGURATION_FAULT, "401")),
    (Fault("fcm", status=403), Delivery(Outcome.CONFIGURATION_FAULT, "403")),
    (
        Fault("fcm", status=400, field="message.token"),
        Delivery(Outcome.DEAD_TOKEN, "400 INVALID_ARGUMENT message.token"),
    ),
    (
        Fault("fcm", status=400, field="message.data"),
        Delivery(Outcome.REJECTED, "400 INVALID_ARGUMENT message.data"),
    ),
    (Fault("fcm", status=400), Delivery(Outcome.REJECTED, "400 INVALID_ARGUMENT")),
    (Fault("fcm", error_code="SENDER_ID_MISMATCH"), Delivery(Outcome.DISABLED, "403 SENDER_ID_MISMATCH")),
    (
        Fault("fcm", error_code="THIRD_PARTY_AUTH_ERROR"),
        Delivery(Outcome.CONFIGURATION_FAULT, "401 THIRD_PARTY_AUTH_ERROR"),
    ),
    (Fault("fcm", status=429), Delivery(Outcome.RETRY, "429 QUOTA_EXCEEDED", 60.0)),
    (Fault("fcm", status=429, retry_after=7), Delivery(Outcome.RETRY, "429 QUOTA_EXCEEDED", 7.0)),
    (Fault("fcm", status=500), Delivery(Outcome.RETRY, "500 INTERNAL")),
    (Fault("fcm", status=503), Delivery(Outcome.RETRY, "503 UNAVAILABLE")),
    (Fault("fcm", status=503, retry_after=3), Delivery(Outcome.RETRY, "503 UNAVAILABLE", 3.0)),
]


@pytest.mark.parametrize(("fault", "delivery"), ROWS, ids=[f"{d.reason} {d.retry_after or ''}" for _, d in ROWS])
def test_every_row_of_the_table_is_one_post_and_one_outcome(
    gateway: FcmGateway, simulators: Simulators, fault: Fault, delivery: Delivery
) -> None:
    simulators.faults.add(fault)

    assert send(gateway) == delivery
    assert len(simulators.pushes.attempts()) == fault.times
    assert not simulators.faults.left()
