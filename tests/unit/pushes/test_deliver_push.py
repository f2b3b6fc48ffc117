"""The delivery of a push to a subscriber's phones, and its failures."""

from dataclasses import replace

import pytest

from switchboard.pushes.push import Delivery, Outcome, Push
from switchboard.subscribers.subscriber import Status
from tests.benches.deliver_push import (
    ACCEPTED_AT,
    ANDROID,
    APNS,
    DAVE,
    IPHONE,
    PUSH,
    UNAVAILABLE,
    UNSUPPORTED,
    DeliveryBench,
    outcomes,
)


def test_all_phones_ring_and_the_latency_is_reported() -> None:
    bench = DeliveryBench(ANDROID, IPHONE)

    attempt = bench.deliver(PUSH)

    assert bench.gateway.sent == ["android", "iphone"]
    assert [(d.outcome, d.latency_ms) for d in attempt.deliveries] == [(Outcome.ACCEPTED, 250)] * 2
    assert attempt.retry_after is None


def test_the_same_push_twice_rings_once() -> None:
    bench = DeliveryBench(ANDROID)
    again = Push(PUSH.account, PUSH.subscriber_name, PUSH.payload, "2", "push-2", ACCEPTED_AT + 100)

    bench.deliver(PUSH)
    attempt = bench.deliver(again)

    assert bench.gateway.sent == ["android"]
    assert outcomes(attempt) == [Outcome.REPEATED]


def test_the_same_payload_after_the_ring_time_is_a_new_call() -> None:
    bench = DeliveryBench(ANDROID)
    bench.deliver(PUSH)
    bench.clock.now += 30
    again = Push(PUSH.account, PUSH.subscriber_name, PUSH.payload, "2", "push-2", ACCEPTED_AT + 30_000)

    bench.deliver(again)

    assert bench.gateway.sent == ["android", "android"]


@pytest.mark.parametrize(
    "other",
    [
        Push("other1m", "dave", PUSH.payload, "2", "push-2", ACCEPTED_AT),
        Push("demo1m", "Dave", PUSH.payload, "2", "push-2", ACCEPTED_AT),
        Push("demo1m", "dave", PUSH.payload + "x", "2", "push-2", ACCEPTED_AT),
    ],
)
def test_pushes_that_differ_in_account_name_or_payload_are_not_the_same(other: Push) -> None:
    assert other.key != PUSH.key


def test_a_push_that_is_too_old_is_counted_and_not_sent() -> None:
    bench = DeliveryBench(ANDROID)
    bench.clock.now = (ACCEPTED_AT + 30_000) / 1000

    attempt = bench.deliver(PUSH)

    assert (outcomes(attempt), attempt.retry_after, bench.gateway.sent) == ([Outcome.STALE], None, [])


def test_a_subscriber_without_phones_is_told_apart() -> None:
    attempt = DeliveryBench().deliver(PUSH)

    assert (outcomes(attempt), attempt.retry_after) == ([Outcome.NO_DEVICE], None)


def test_devices_that_are_disabled_are_left_alone() -> None:
    bench = DeliveryBench(replace(ANDROID, disabled_reason="403 SENDER_ID_MISMATCH"))

    assert outcomes(bench.deliver(PUSH)) == [Outcome.NO_DEVICE]
    assert not bench.gateway.sent


def test_a_token_whose_service_is_not_set_up_is_recorded_as_unsupported_once() -> None:
    bench = DeliveryBench(ANDROID, APNS, by_token={"android": [UNAVAILABLE], APNS.token: [UNSUPPORTED]})

    assert set(outcomes(bench.deliver(PUSH))) == {Outcome.RETRY, Outcome.UNSUPPORTED_TOKEN}
    assert outcomes(bench.deliver(PUSH)) == [Outcome.ACCEPTED]


def test_a_dead_token_is_forgotten() -> None:
    bench = DeliveryBench(ANDROID, IPHONE, android=[Delivery(Outcome.DEAD_TOKEN, "404 UNREGISTERED")])

    attempt = bench.deliver(PUSH)

    assert bench.registered == {"iphone"}
    assert attempt.retry_after is None


def test_a_token_that_was_registered_anew_while_fcm_refused_it_stays() -> None:
    bench = DeliveryBench(ANDROID, android=[Delivery(Outcome.DEAD_TOKEN, "404 UNREGISTERED")])
    renewed = replace(ANDROID, registered_at=99)
    bench.gateway.before_answer = lambda: bench.devices.register(PUSH.account, PUSH.subscriber_name, renewed)

    bench.deliver(PUSH)

    assert bench.registered == {"android"}


def test_a_device_of_another_sender_is_disabled_with_fcms_reason() -> None:
    bench = DeliveryBench(ANDROID, android=[Delivery(Outcome.DISABLED, "403 SENDER_ID_MISMATCH")])

    bench.deliver(PUSH)

    (device,) = bench.devices.of(PUSH.account, PUSH.subscriber_name)
    assert device.disabled_reason == "403 SENDER_ID_MISMATCH"


def test_permanent_failures_become_one_dead_letter_with_the_reasons() -> None:
    bench = DeliveryBench(
        ANDROID,
        IPHONE,
        android=[Delivery(Outcome.REJECTED, "400 INVALID_ARGUMENT")],
        iphone=[Delivery(Outcome.CONFIGURATION_FAULT, "401 THIRD_PARTY_AUTH_ERROR")],
    )

    attempt = bench.deliver(PUSH)

    assert attempt.retry_after is None
    assert bench.dead_letters.letters == [(PUSH, "400 INVALID_ARGUMENT, 401 THIRD_PARTY_AUTH_ERROR")]
    assert bench.registered == {"android", "iphone"}


def test_a_hopeless_device_is_not_sent_to_again_while_another_is_retried() -> None:
    bench = DeliveryBench(ANDROID, IPHONE, android=[Delivery(Outcome.REJECTED, "400")], iphone=[UNAVAILABLE])

    bench.deliver(PUSH)
    bench.deliver(PUSH)

    assert bench.gateway.sent == ["android", "iphone", "iphone"]
    assert len(bench.dead_letters.letters) == 1


def test_a_suspended_callee_is_not_rung_and_leaves_no_dead_letter() -> None:
    bench = DeliveryBench(ANDROID)
    bench.subscribers.put(replace(DAVE, status=Status.INACTIVE))

    attempt = bench.deliver(PUSH)

    assert (outcomes(attempt), attempt.retry_after) == ([Outcome.SUSPENDED], None)
    assert (bench.gateway.sent, bench.dead_letters.letters) == ([], [])


def test_a_deleted_callee_is_not_rung_on_a_phone_that_was_left_behind() -> None:
    bench = DeliveryBench(ANDROID)
    bench.devices.profiles.clear()

    assert outcomes(bench.deliver(PUSH)) == [Outcome.NO_DEVICE]
    assert bench.gateway.sent == []


def test_a_phone_from_before_a_new_password_is_not_rung_until_it_registers_anew() -> None:
    bench = DeliveryBench(ANDROID, IPHONE)
    bench.subscribers.put(replace(DAVE, session_version="v2"))
    attempt = bench.deliver(PUSH)
    assert attempt.deliveries == (Delivery(Outcome.NO_DEVICE, "sessions-ended"),)

    bench.devices.register(PUSH.account, PUSH.subscriber_name, replace(IPHONE, session_version="v2"))
    bench.deliver(PUSH)

    assert bench.gateway.sent == ["iphone"]


def test_who_was_suspended_and_activated_rings_only_where_registered_since() -> None:
    bench = DeliveryBench(ANDROID)
    bench.subscribers.put(replace(DAVE, status=Status.ACTIVE, session_version="v2"))

    assert outcomes(bench.deliver(PUSH)) == [Outcome.NO_DEVICE]


def test_that_a_phone_takes_pushes_is_noted_once_a_week() -> None:
    bench, began, week = DeliveryBench(ANDROID), 1_700_000_000, 7 * 24 * 3600
    noted = []
    for after in (0, 60, week, week + 120):
        bench.clock.now = began + after
        accepted_at = (began + after) * 1000
        bench.deliver(replace(PUSH, payload=f"e30.e30.{after}", accepted_at=accepted_at))
        noted.append((bench.devices.of("demo1m", "dave")[0].accepted_at or 0) // 1000 - began)

    assert noted == [0, 0, week, week]
    assert (len(bench.gateway.sent), bench.devices.accepted_notes) == (4, 2)


def test_a_push_that_no_service_took_is_not_noted() -> None:
    bench = DeliveryBench(ANDROID, APNS, by_token={"android": [UNAVAILABLE], APNS.token: [UNSUPPORTED]})

    bench.deliver(PUSH)

    assert bench.devices.accepted_notes == 0


def test_a_failed_note_of_an_accepted_push_causes_no_retry() -> None:
    bench = DeliveryBench(ANDROID)

    def broken(*_: object, **__: object) -> None:
        raise ConnectionError

    bench.devices.accepted = broken  # type: ignore[method-assign]

    assert outcomes(bench.deliver(PUSH)) == [Outcome.ACCEPTED]
    assert outcomes(bench.deliver(PUSH)) == [Outcome.REPEATED]


def test_after_a_slow_send_no_time_is_spent_on_a_note() -> None:
    bench = DeliveryBench(ANDROID)
    bench.gateway.before_answer = lambda: setattr(bench.clock, "now", bench.clock.now + 3.1)

    assert outcomes(bench.deliver(PUSH)) == [Outcome.ACCEPTED]
    assert bench.devices.accepted_notes == 0
