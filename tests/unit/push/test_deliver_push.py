"""How one push reaches the phones of a subscriber, and what happens when it does not."""

import pytest

from switchboard.domain.missed_call import Pushed
from switchboard.domain.push import Attempt, Delivery, Outcome, Push
from switchboard.domain.subscribers import Device, TokenType
from switchboard.usecases.deliver_push import LEASE_MS, NOT_MARKED, START_WITHIN_MS, DeliverPush
from tests.fakes.clock import FakeClock
from tests.fakes.push import FakeDeadLetters, FakeDeliveries, FakePushGateway, ImmediateExecutor
from tests.fakes.subscribers import FakeDevices

ACCEPTED_AT = 1_700_000_000_000
PUSH = Push("demo1m", "dave", "e30.e30.sig", "2", "push-1", ACCEPTED_AT)
ANDROID = Device("android", TokenType.FCM, 1)
IPHONE = Device("iphone", TokenType.FCM, 2)
APNS = Device("ab" * 32, TokenType.APNS, 3)
UNAVAILABLE = Delivery(Outcome.RETRY, "503")
QUOTA = Delivery(Outcome.RETRY, "429", 60.0)


class House:
    """A use case with its parts at hand: a call rings 30 s, retries come after 2 s."""

    def __init__(self, *devices: Device, deliveries: FakeDeliveries | None = None, **answers: list[Delivery]) -> None:
        self.clock = FakeClock(ACCEPTED_AT / 1000 + 0.25)
        self.devices = FakeDevices()
        for device in devices:
            self.devices.register(PUSH.account, PUSH.subscriber_name, device)
        self.deliveries = deliveries or FakeDeliveries()
        self.gateway = FakePushGateway(**answers)
        self.dead_letters = FakeDeadLetters()
        self.deliver = DeliverPush(
            self.devices,
            self.deliveries,
            self.gateway,
            self.dead_letters,
            self.clock,
            lambda: 2,
            ImmediateExecutor(),
            30_000,
        )

    @property
    def registered(self) -> set[str]:
        return {device.token for device in self.devices.of(PUSH.account, PUSH.subscriber_name)}


def outcomes(attempt: Attempt) -> list[Outcome]:
    return [delivery.outcome for delivery in attempt.deliveries]


def test_all_phones_ring_and_the_time_until_then_is_told() -> None:
    house = House(ANDROID, IPHONE)

    attempt = house.deliver(PUSH)

    assert house.gateway.sent == ["android", "iphone"]
    assert [(d.outcome, d.latency_ms) for d in attempt.deliveries] == [(Outcome.ACCEPTED, 250)] * 2
    assert attempt.retry_after is None


def test_the_same_push_twice_rings_once() -> None:
    house = House(ANDROID)
    again = Push(PUSH.account, PUSH.subscriber_name, PUSH.payload, "2", "push-2", ACCEPTED_AT + 100)

    house.deliver(PUSH)
    attempt = house.deliver(again)

    assert house.gateway.sent == ["android"]
    assert outcomes(attempt) == [Outcome.REPEATED]


def test_the_same_payload_after_the_ring_time_is_a_new_call() -> None:
    house = House(ANDROID)
    house.deliver(PUSH)
    house.clock.now += 30
    again = Push(PUSH.account, PUSH.subscriber_name, PUSH.payload, "2", "push-2", ACCEPTED_AT + 30_000)

    house.deliver(again)

    assert house.gateway.sent == ["android", "android"]


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
    house = House(ANDROID)
    house.clock.now = (ACCEPTED_AT + 30_000) / 1000

    attempt = house.deliver(PUSH)

    assert (outcomes(attempt), attempt.retry_after, house.gateway.sent) == ([Outcome.STALE], None, [])


def test_a_subscriber_without_phones_is_told_apart() -> None:
    attempt = House().deliver(PUSH)

    assert (outcomes(attempt), attempt.retry_after) == ([Outcome.NO_DEVICE], None)


def test_devices_that_were_set_aside_are_left_alone() -> None:
    house = House(Device("aside", TokenType.FCM, 1, set_aside="403 SENDER_ID_MISMATCH"))

    assert outcomes(house.deliver(PUSH)) == [Outcome.NO_DEVICE]
    assert not house.gateway.sent


def test_an_apns_token_is_recorded_as_unsupported_once() -> None:
    house = House(ANDROID, APNS, android=[UNAVAILABLE])

    assert set(outcomes(house.deliver(PUSH))) == {Outcome.RETRY, Outcome.UNSUPPORTED_TOKEN}
    assert outcomes(house.deliver(PUSH)) == [Outcome.ACCEPTED]


def test_a_retry_goes_only_to_the_phones_that_have_not_taken_the_push() -> None:
    house = House(ANDROID, IPHONE, iphone=[UNAVAILABLE])

    first = house.deliver(PUSH)
    second = house.deliver(PUSH)

    assert (outcomes(first), first.retry_after) == ([Outcome.ACCEPTED, Outcome.RETRY], 2)
    assert (outcomes(second), second.retry_after) == ([Outcome.ACCEPTED], None)
    assert house.gateway.sent == ["android", "iphone", "iphone"]


def test_a_retry_waits_for_as_long_as_fcm_asks() -> None:
    house = House(ANDROID, IPHONE, android=[Delivery(Outcome.RETRY, "503", 6.2)], iphone=[UNAVAILABLE])

    assert house.deliver(PUSH).retry_after == 7


def test_a_retry_after_of_nothing_still_waits_a_second() -> None:
    assert House(ANDROID, android=[Delivery(Outcome.RETRY, "503", 0.0)]).deliver(PUSH).retry_after == 1


def test_a_wait_that_outlasts_the_ringing_is_too_late_and_the_others_are_tried_without_it() -> None:
    house = House(ANDROID, IPHONE, android=[QUOTA], iphone=[UNAVAILABLE])

    first = house.deliver(PUSH)
    house.deliver(PUSH)

    assert (outcomes(first), first.retry_after) == ([Outcome.TOO_LATE, Outcome.RETRY], 2)
    assert house.gateway.sent == ["android", "iphone", "iphone"]


@pytest.mark.parametrize(("left", "wait"), [(5.0, 2), (2.5, 2), (2.0, 1), (1.5, 1), (1.0, None), (0.4, None)], ids=str)
def test_a_retry_never_comes_after_the_ring_time(left: float, wait: int | None) -> None:
    house = House(ANDROID, android=[UNAVAILABLE])
    house.clock.now = ACCEPTED_AT / 1000 + 30 - left

    attempt = house.deliver(PUSH)

    assert attempt.retry_after == wait
    assert outcomes(attempt) == [Outcome.RETRY if wait else Outcome.TOO_LATE]


def test_a_dead_token_is_forgotten() -> None:
    house = House(ANDROID, IPHONE, android=[Delivery(Outcome.DEAD_TOKEN, "404 UNREGISTERED")])

    attempt = house.deliver(PUSH)

    assert house.registered == {"iphone"}
    assert attempt.retry_after is None


def test_a_token_that_was_registered_anew_while_fcm_refused_it_stays() -> None:
    house = House(ANDROID, android=[Delivery(Outcome.DEAD_TOKEN, "404 UNREGISTERED")])
    renewed = Device("android", TokenType.FCM, 99)
    house.gateway.before_answer = lambda: house.devices.register(PUSH.account, PUSH.subscriber_name, renewed)

    house.deliver(PUSH)

    assert house.registered == {"android"}


def test_a_device_of_another_sender_is_set_aside_with_fcms_reason() -> None:
    house = House(ANDROID, android=[Delivery(Outcome.SET_ASIDE, "403 SENDER_ID_MISMATCH")])

    house.deliver(PUSH)

    (device,) = house.devices.of(PUSH.account, PUSH.subscriber_name)
    assert device.set_aside == "403 SENDER_ID_MISMATCH"


def test_what_no_retry_can_mend_becomes_one_dead_letter_with_the_reasons() -> None:
    house = House(
        ANDROID,
        IPHONE,
        android=[Delivery(Outcome.REJECTED, "400 INVALID_ARGUMENT")],
        iphone=[Delivery(Outcome.CONFIGURATION_FAULT, "401 THIRD_PARTY_AUTH_ERROR")],
    )

    attempt = house.deliver(PUSH)

    assert attempt.retry_after is None
    assert house.dead_letters.letters == [(PUSH, "400 INVALID_ARGUMENT, 401 THIRD_PARTY_AUTH_ERROR")]
    assert house.registered == {"android", "iphone"}


def test_a_hopeless_device_is_not_sent_to_again_while_another_is_retried() -> None:
    house = House(ANDROID, IPHONE, android=[Delivery(Outcome.REJECTED, "400")], iphone=[UNAVAILABLE])

    house.deliver(PUSH)
    house.deliver(PUSH)

    assert house.gateway.sent == ["android", "iphone", "iphone"]
    assert len(house.dead_letters.letters) == 1


class FailingMarks(FakeDeliveries):
    """Fails to mark and to give leases back `times` times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def mark(self, push: Pushed, device_key: str) -> None:
        self._fail()
        super().mark(push, device_key)

    def end(self, push: Pushed) -> None:
        self._fail()
        super().end(push)

    def _fail(self) -> None:
        self.times -= 1
        if self.times >= 0:
            raise ConnectionError("a store is down")


def test_a_mark_that_fails_is_made_again_so_that_a_retry_rings_nobody_twice() -> None:
    house = House(ANDROID, IPHONE, iphone=[UNAVAILABLE], deliveries=FailingMarks(1))

    house.deliver(PUSH)
    house.deliver(PUSH)

    assert house.gateway.sent == ["android", "iphone", "iphone"]


def test_a_phone_that_rings_is_not_sent_to_again_because_our_store_is_down() -> None:
    house = House(ANDROID, deliveries=FailingMarks(1000))

    attempt = house.deliver(PUSH)

    assert [(d.outcome, d.reason) for d in attempt.deliveries] == [(Outcome.ACCEPTED, NOT_MARKED)]
    assert attempt.retry_after is None


@pytest.mark.parametrize(("left", "outcome", "wait"), [(10.0, Outcome.RETRY, 2), (0.9, Outcome.TOO_LATE, None)])
def test_a_push_that_a_fault_kept_back_is_tried_again_while_it_rings(
    left: float, outcome: Outcome, wait: int | None
) -> None:
    house = House(ANDROID)
    house.clock.now = ACCEPTED_AT / 1000 + 30 - left

    attempt = house.deliver.put_off(PUSH, "ReadTimeoutError")

    assert [(d.outcome, d.reason) for d in attempt.deliveries] == [(outcome, "ReadTimeoutError")]
    assert attempt.retry_after == wait


def test_two_deliveries_at_once_ring_once() -> None:
    house = House(ANDROID)
    inner: list[Attempt] = []
    house.gateway.before_answer = lambda: inner.append(house.deliver(PUSH))

    outer = house.deliver(PUSH)

    assert house.gateway.sent == ["android"]
    assert (outcomes(inner[0]), inner[0].retry_after) == ([Outcome.BUSY], 2)
    assert outcomes(outer) == [Outcome.ACCEPTED]


def test_a_delivery_that_finds_another_at_work_leaves_the_end_of_the_ringing_to_it() -> None:
    house = House(ANDROID)
    house.deliveries.begin(PUSH, now_ms=ACCEPTED_AT + 29_500, lease_ms=LEASE_MS, rings_until_ms=ACCEPTED_AT + 30_000)
    house.clock.now = ACCEPTED_AT / 1000 + 29.5

    attempt = house.deliver(PUSH)

    assert (outcomes(attempt), attempt.retry_after) == ([Outcome.BUSY], None)


def test_a_lease_that_its_holder_left_behind_ends_by_itself() -> None:
    house = House(ANDROID)
    house.deliveries.begin(PUSH, now_ms=ACCEPTED_AT, lease_ms=LEASE_MS, rings_until_ms=ACCEPTED_AT + 30_000)
    house.clock.now = (ACCEPTED_AT + LEASE_MS) / 1000

    assert outcomes(house.deliver(PUSH)) == [Outcome.ACCEPTED]


def test_a_fault_of_ours_goes_up_after_all_sends_ended_and_the_lease_is_given_back() -> None:
    house = House(ANDROID, IPHONE)

    def fail_for_the_first() -> None:
        if house.gateway.sent == ["android"]:
            raise ConnectionError("a store is down")

    house.gateway.before_answer = fail_for_the_first
    with pytest.raises(ConnectionError):
        house.deliver(PUSH)

    house.deliver(PUSH)
    assert house.gateway.sent == ["android", "iphone", "android"]


def test_a_send_that_waited_too_long_for_a_thread_is_put_off() -> None:
    house = House(ANDROID, IPHONE)

    def take_long() -> None:
        house.clock.now += START_WITHIN_MS / 1000 + 0.1

    house.gateway.before_answer = take_long
    attempt = house.deliver(PUSH)

    assert outcomes(attempt) == [Outcome.ACCEPTED, Outcome.RETRY]
    assert house.gateway.sent == ["android"]
