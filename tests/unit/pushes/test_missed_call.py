"""A missed call on its way to the callee's phones: another message, which rings nowhere."""

import json
from typing import Any

import pytest

from switchboard.foundation.errors import MalformedRequestError
from switchboard.pushes.fcm_message import message
from switchboard.pushes.missed_call import MissedCall
from switchboard.pushes.push import Outcome
from switchboard.pushes.queue import encode
from switchboard.pushes.queued_push import decode
from switchboard.subscribers.subscriber import Device, Platform, TokenType
from tests.benches.deliver_push import ACCEPTED_AT, ANDROID, IPHONE, DeliveryBench, outcomes

MISSED = MissedCall("demo1m", "dave", "alice", "sid-1", ACCEPTED_AT - 9_000, "missed-sid-1", ACCEPTED_AT)
DATA = {"type": "missedCall", "caller": "alice", "callSid": "sid-1", "at": str(ACCEPTED_AT - 9_000)}


def arguments(platform: Platform | None) -> dict[str, Any]:
    return message(MISSED, Device("token", TokenType.FCM, 1, platform), expires_at_ms=0, now_ms=ACCEPTED_AT)


def test_android_gets_data_only() -> None:
    assert arguments(Platform.ANDROID) == {
        "token": "token",
        "data": DATA,
        "android": {"priority": "HIGH", "ttl": "86400s"},
        "fcmOptions": {"analyticsLabel": "missed"},
    }


def test_ios_gets_an_alert_without_a_sound() -> None:
    found = arguments(Platform.IOS)
    assert "android" not in found
    assert found["data"] == DATA
    assert found["apns"]["payload"] == {"aps": {"alert": {"title": "Missed call", "body": "alice"}}}
    assert found["apns"]["headers"]["apns-expiration"] == str(ACCEPTED_AT // 1000 + 86_400)


def test_a_phone_of_unknown_platform_gets_both_blocks() -> None:
    assert {"android", "apns"} <= set(arguments(None))


def test_it_comes_out_of_the_queue_as_it_went_in() -> None:
    assert decode(encode(MISSED)) == MISSED


@pytest.mark.parametrize("field", ["caller", "callSid", "at", "pushId"])
def test_without_one_of_its_fields_it_is_malformed(field: str) -> None:
    body = json.loads(encode(MISSED))
    del body[field]
    with pytest.raises(MalformedRequestError):
        decode(json.dumps(body))


def test_all_the_callees_phones_get_the_message_once() -> None:
    bench = DeliveryBench(ANDROID, IPHONE)
    assert outcomes(bench.deliver(MISSED)) == [Outcome.ACCEPTED] * 2
    assert outcomes(bench.deliver(MISSED)) == [Outcome.REPEATED]
    assert bench.gateway.sent == ["android", "iphone"]
