"""The requests to APNs: headers, topics, sizes (contract 6)."""

import json
from dataclasses import replace

import pytest

from local.simulators import Simulators
from switchboard.pushes.apns import NOT_SET_UP, ApnsGateway
from switchboard.pushes.cancel import Cancel, Invited, Reason
from switchboard.pushes.missed_call import MissedCall
from switchboard.pushes.push import Delivery, Outcome
from switchboard.subscribers.subscriber import Device
from tests.fakes.secret import FakeSecret
from tests.integration.push.apns import ALERT, TOKEN, VOIP, send
from tests.integration.push.fcm import NOW, PUSH

BUNDLE = "com.example.switchboard"
EXOTELS = PUSH.exotels()
OURS = {
    "type": "call",
    "pushId": "push-1",
    "callUuid": PUSH.call_uuid,
    "callerName": "Alice",
    "sentAt": str(NOW),
    "expiresAt": str(NOW + 27_600),
}
APS = {"alert": {"title": "Incoming call"}, "sound": "default", "content-available": 1}


def test_a_voip_push_has_the_data_at_its_root_and_expires_at_once(apns: ApnsGateway, simulators: Simulators) -> None:
    assert send(apns, VOIP).outcome is Outcome.ACCEPTED

    (push,) = simulators.pushes.accepted()
    headers = dict(push.headers or {})
    assert (push.token, push.host, len(headers.pop("apns-id"))) == (TOKEN, "production", 36)
    assert headers == {
        "apns-topic": f"{BUNDLE}.voip",
        "apns-push-type": "voip",
        "apns-priority": "10",
        "apns-expiration": "0",
        "apns-collapse-id": PUSH.call_uuid,
    }
    assert push.message == EXOTELS | OURS


def test_an_alert_is_what_flutters_plugin_reads(apns: ApnsGateway, simulators: Simulators) -> None:
    assert send(apns, ALERT).outcome is Outcome.ACCEPTED

    (push,) = simulators.pushes.accepted()
    headers = dict(push.headers or {})
    del headers["apns-id"]
    assert headers == {
        "apns-topic": BUNDLE,
        "apns-push-type": "alert",
        "apns-priority": "10",
        "apns-expiration": str((NOW + 27_600) // 1000),
        "apns-collapse-id": PUSH.call_uuid,
    }
    assert push.message == EXOTELS | OURS | {"aps": APS, "gcm.message_id": "push-1"}


@pytest.mark.parametrize("device", [VOIP, ALERT], ids=["voip", "alert"])
def test_a_cancel_has_the_uuid_of_its_invite_and_makes_no_sound(
    apns: ApnsGateway, simulators: Simulators, device: Device
) -> None:
    until, invites = NOW + 27_600, {device.key: Invited("push-1", PUSH.call_uuid)}
    cancel = Cancel("demo1m", "Dave", "1#sid-1", Reason.CALLER_HUNG_UP, NOW, NOW, until, "push-1", invites=invites)
    send(apns, device)

    assert send(apns, device, cancel).outcome is Outcome.ACCEPTED

    invite, push = (one for one in simulators.pushes.accepted())
    before, headers = dict(invite.headers or {}), dict(push.headers or {})
    assert before.pop("apns-id") != headers.pop("apns-id")
    assert headers == before  # type, topic, expiration and collapse id
    data = {
        "type": "cancel",
        "pushId": "push-1",
        "callUuid": PUSH.call_uuid,
        "subscriberName": "Dave",
        "reason": "callerHungUp",
        "at": str(NOW),
    }
    shown = {"aps": {"alert": {"title": "Missed call"}, "content-available": 1}, "gcm.message_id": "cancel-push-1"}
    assert push.message == data | (shown if device is ALERT else {})


def test_a_missed_call_is_an_alert_that_makes_no_sound(apns: ApnsGateway, simulators: Simulators) -> None:
    missed = MissedCall("demo1m", "dave", "alice", "sid-1", NOW - 9_000, "missed-sid-1", NOW)

    assert send(apns, ALERT, missed).outcome is Outcome.ACCEPTED

    (push,) = simulators.pushes.accepted()
    assert push.message["aps"]["alert"] == {"title": "Missed call", "body": "alice"}
    assert "sound" not in push.message["aps"]
    assert {"type": "missedCall", "gcm.message_id": "missed-sid-1"}.items() <= push.message.items()
    assert (push.headers or {})["apns-expiration"] == str(NOW // 1000 + 86_400)


@pytest.mark.parametrize(("device", "largest"), [(VOIP, 5120), (ALERT, 4096)])
def test_what_is_ours_is_left_out_where_there_is_no_room(
    apns: ApnsGateway, simulators: Simulators, device: Device, largest: int
) -> None:
    around = {"aps": APS, "gcm.message_id": "push-1"} if device is ALERT else {}
    empty = json.dumps(around | replace(PUSH, payload="").exotels(), separators=(",", ":"))
    full = replace(PUSH, payload="x" * (largest - len(empty)))

    assert send(apns, device, full).outcome is Outcome.ACCEPTED
    assert send(apns, device, replace(full, payload=full.payload + "x")) == Delivery(
        Outcome.REJECTED, "413 PayloadTooLarge"
    )

    taken = simulators.pushes.accepted()[0].message
    assert not set(OURS) & set(taken)
    assert {key: taken[key] for key in EXOTELS} == full.exotels()


def test_the_apps_own_bundle_id_wins(apns: ApnsGateway, simulators: Simulators) -> None:
    assert send(apns, replace(VOIP, bundle_id="com.example.other")).reason == "403 TopicDisallowed"
    assert (simulators.pushes.attempts()[0].headers or {})["apns-topic"] == "com.example.other.voip"


def test_an_accounts_own_app_wins(simulators: Simulators) -> None:
    own = simulators.apns.account.as_secret()
    apps = {"apns": own | {"bundle_id": "com.example.none"}, "accounts": {"demo1m": {"apns": own}}}
    gateway = ApnsGateway(FakeSecret(simulators.push_secret | apps), lambda: NOW / 1000)

    assert send(gateway).outcome is Outcome.ACCEPTED
    assert send(gateway, push=replace(PUSH, account="other1m")).outcome is Outcome.DISABLED


def test_without_an_app_nothing_is_sent(simulators: Simulators) -> None:
    gateway = ApnsGateway(FakeSecret(simulators.push_secret | {"apns": None}), lambda: NOW / 1000)

    assert send(gateway) == Delivery(Outcome.UNSUPPORTED_TOKEN, NOT_SET_UP)
    assert not simulators.pushes.attempts()


@pytest.mark.parametrize("change", [{"key": "no key"}, {"key_id": ""}, {"team_id": None}, {"bundle_id": 5}])
def test_an_unusable_app_is_a_configuration_fault(simulators: Simulators, change: dict[str, object]) -> None:
    broken: dict[str, object] = dict(simulators.apns.account.as_secret())
    gateway = ApnsGateway(FakeSecret(simulators.push_secret | {"apns": broken | change}), lambda: NOW / 1000)

    assert send(gateway) == Delivery(Outcome.CONFIGURATION_FAULT, "PushSecret has no valid APNs key")
