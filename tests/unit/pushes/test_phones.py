"""A phone with several tokens rings once, by VoIP."""

from dataclasses import replace

import pytest

from switchboard.pushes.missed_call import MissedCall
from switchboard.pushes.phones import phones_of
from switchboard.pushes.push import Delivery, Outcome
from switchboard.subscribers.subscriber import Device, Status, TokenType
from tests.benches.deliver_push import ACCEPTED_AT, DAVE, PUSH, UNAVAILABLE, DeliveryBench, outcomes

VOIP = Device("01" * 32, TokenType.APNS_VOIP, 1, session_version="v1", device_id="phone-1")
ALERT = Device("02" * 32, TokenType.APNS, 2, session_version="v1", device_id="phone-1")
FCM = Device("fcm-of-phone-1", TokenType.FCM, 3, session_version="v1", device_id="phone-1")
OTHER = Device("fcm-of-phone-2", TokenType.FCM, 4, session_version="v1", device_id="phone-2")
MISSED = MissedCall("demo1m", "dave", "alice", "sid-1", ACCEPTED_AT - 9_000, "missed-sid-1", ACCEPTED_AT)
FOR_GOOD = [
    Delivery(Outcome.DEAD_TOKEN, "410 Unregistered"),
    Delivery(Outcome.DISABLED, "400 DeviceTokenNotForTopic"),
    Delivery(Outcome.REJECTED, "413 PayloadTooLarge"),
    Delivery(Outcome.CONFIGURATION_FAULT, "403 InvalidProviderToken"),
    Delivery(Outcome.UNSUPPORTED_TOKEN, "APNs is not set up"),
    Delivery(Outcome.RETRY, "429 TooManyRequests", float("inf")),
]


def test_a_call_rings_each_phone_once_and_by_voip_where_it_can() -> None:
    bench = DeliveryBench(ALERT, VOIP, FCM, OTHER)

    assert outcomes(bench.deliver(PUSH)) == [Outcome.ACCEPTED] * 2
    assert set(bench.gateway.sent) == {VOIP.token, OTHER.token}
    assert outcomes(bench.deliver(PUSH)) == [Outcome.REPEATED]


@pytest.mark.parametrize("refusal", FOR_GOOD, ids=lambda one: one.reason)
def test_where_voip_is_refused_for_good_the_phones_next_token_gets_the_call_at_once(refusal: Delivery) -> None:
    bench = DeliveryBench(VOIP, FCM, by_token={VOIP.token: [refusal]})

    attempt = bench.deliver(PUSH)

    assert bench.gateway.sent == [VOIP.token, FCM.token]
    assert attempt.deliveries[1].outcome is Outcome.ACCEPTED
    assert attempt.retry_after is None
    assert outcomes(bench.deliver(PUSH)) == [Outcome.REPEATED]


def test_a_fault_of_voip_that_may_pass_is_waited_for() -> None:
    bench = DeliveryBench(VOIP, FCM, by_token={VOIP.token: [UNAVAILABLE]})

    assert bench.deliver(PUSH).retry_after == 2
    assert bench.deliver(PUSH).retry_after is None
    assert bench.gateway.sent == [VOIP.token, VOIP.token]


def test_a_phone_that_rang_by_voip_does_not_ring_again_while_another_is_retried() -> None:
    bench = DeliveryBench(VOIP, FCM, OTHER, by_token={OTHER.token: [UNAVAILABLE]})

    bench.deliver(PUSH)
    bench.deliver(PUSH)

    assert bench.gateway.sent.count(VOIP.token) == 1
    assert FCM.token not in bench.gateway.sent


def test_a_missed_call_goes_to_the_other_tokens_and_never_by_voip() -> None:
    bench = DeliveryBench(VOIP, ALERT, FCM)

    bench.deliver(MISSED)

    assert set(bench.gateway.sent) == {ALERT.token, FCM.token}
    assert outcomes(DeliveryBench(VOIP).deliver(MISSED)) == [Outcome.NO_DEVICE]


def test_the_session_tells_whose_tokens_they_are_where_the_app_sends_no_id() -> None:
    voip, fcm = (replace(one, device_id=None, phone="hash-1") for one in (VOIP, FCM))

    assert phones_of([fcm, voip], PUSH) == [(voip, fcm)]
    assert phones_of([replace(fcm, phone=None), replace(voip, phone=None)], PUSH) == [
        (replace(voip, phone=None),),
        (replace(fcm, phone=None),),
    ]
    assert phones_of([replace(fcm, device_id="x"), replace(voip, device_id="y")], PUSH)[0] != (voip, fcm)


def test_nothing_goes_by_voip_to_a_phone_that_is_logged_out_or_suspended_or_to_a_call_that_is_over() -> None:
    logged_out = DeliveryBench(replace(VOIP, session_version="v0"))
    suspended = DeliveryBench(VOIP)
    suspended.subscribers.put(replace(DAVE, status=Status.INACTIVE))
    over = DeliveryBench(VOIP)
    over.clock.now += 30

    found = [outcomes(bench.deliver(PUSH)) for bench in (logged_out, suspended, over)]

    assert found == [[Outcome.NO_DEVICE], [Outcome.SUSPENDED], [Outcome.STALE]]
    assert not [token for bench in (logged_out, suspended, over) for token in bench.gateway.sent]


def test_what_a_send_has_shown_about_a_token_is_stored() -> None:
    guessed = replace(VOIP, guessed=True)
    bench = DeliveryBench(guessed, by_token={VOIP.token: [Delivery(Outcome.ACCEPTED, "200", learned=ALERT_OF_VOIP)]})

    bench.deliver(PUSH)

    (stored,) = bench.devices.of(PUSH.account, PUSH.subscriber_name)
    assert (stored.token_type, stored.guessed) == (TokenType.APNS, False)


ALERT_OF_VOIP = replace(VOIP, token_type=TokenType.APNS)
