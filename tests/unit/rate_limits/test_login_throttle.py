"""Guessing passwords is bounded; logging in is not."""

from collections.abc import Callable

import pytest

from switchboard.foundation.errors import ForbiddenError, TooManyRequestsError
from switchboard.rate_limits.limits import (
    FAMILIAR_SECONDS,
    PER_ADDRESS,
    PER_FAMILIAR_DEVICE,
    PER_USER,
    WINDOW_SECONDS,
    Attempt,
)
from switchboard.rate_limits.login_throttle import WAITS, LoginThrottle
from tests.fakes.identity import FakeFamiliarOrigins, FakeRateLimits

NOW = 10 * WINDOW_SECONDS + 100.5


class Bench:
    def __init__(self) -> None:
        self.attempts = FakeRateLimits()
        self.familiar = FakeFamiliarOrigins()
        self.now = NOW
        self.slept = 0
        self.while_asleep: Callable[[], None] = lambda: None
        self.throttle = LoginThrottle(self.attempts, self.familiar, lambda: self.now, self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.slept += 1
        self.while_asleep()

    def fail(self, name: str = "alice", address: str = "203.0.113.7", device: str = "phone", times: int = 1) -> None:
        for _ in range(times):
            with pytest.raises(ForbiddenError), self.throttle.attempt(Attempt("demo1m", name, device, address)):
                raise ForbiddenError("wrong_credentials", "wrong")

    def succeed(self, name: str = "alice", address: str = "203.0.113.7", device: str = "phone") -> None:
        with self.throttle.attempt(Attempt("demo1m", name, device, address)):
            pass

    def refused(self, name: str = "alice", address: str = "203.0.113.7", device: str = "phone") -> TooManyRequestsError:
        with (
            pytest.raises(TooManyRequestsError) as refusal,
            self.throttle.attempt(Attempt("demo1m", name, device, address)),
        ):
            pytest.fail("the password was looked at")
        return refusal.value


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_sixth_attempt_after_five_failures_is_refused_until_the_window_ends(bench: Bench) -> None:
    bench.fail(times=5)
    refusal = bench.refused()
    assert refusal.code == "too_many_logins"
    assert refusal.retry_after == WINDOW_SECONDS - 100
    assert bench.slept == 0
    bench.now += WINDOW_SECONDS
    bench.succeed()


def test_a_success_never_counts(bench: Bench) -> None:
    bench.fail(times=4)
    for _ in range(3 * PER_USER):
        bench.succeed()
    assert bench.familiar.remembered == 1
    bench.fail(device="another")
    bench.refused(device="another")


def test_an_address_that_tries_many_users_is_refused(bench: Bench) -> None:
    for number in range(PER_ADDRESS):
        bench.fail(name=f"user{number}")
    bench.refused(name="alice")
    bench.succeed(name="alice", address="203.0.113.8")


def test_guesses_from_many_addresses_block_only_unfamiliar_devices(bench: Bench) -> None:
    bench.succeed(device="phone", address="198.51.100.1")
    for number in range(PER_USER):
        bench.fail(address=f"203.0.113.{number}", device="guesser")
    bench.refused(address="192.0.2.1", device="guesser")
    bench.succeed(device="phone", address="192.0.2.2")
    bench.succeed(device="phone", address="192.0.2.1")
    bench.succeed(device="new-phone", address="198.51.100.1")
    bench.succeed(name="bob", address="192.0.2.1", device="guesser")


def test_guesses_for_made_up_names_from_her_address_do_not_shut_out_a_familiar_device(bench: Bench) -> None:
    bench.succeed()
    for number in range(PER_ADDRESS):
        bench.fail(name=f"nobody{number}", device="guesser")
    bench.refused(device="new-phone")
    bench.succeed()


def test_guesses_for_her_own_name_from_her_address_do_not_shut_out_a_familiar_device(bench: Bench) -> None:
    bench.succeed()
    bench.fail(device="guesser", times=5)
    bench.refused(device="guesser")
    bench.fail(times=PER_FAMILIAR_DEVICE - 1)
    bench.succeed()


def test_a_familiar_device_is_refused_after_ten_failures_wherever_they_came_from(bench: Bench) -> None:
    bench.succeed(device="tablet")
    bench.succeed()
    for number in range(PER_FAMILIAR_DEVICE):
        bench.fail(address=f"203.0.113.{number}")
    assert bench.refused().retry_after == WINDOW_SECONDS - 100
    assert bench.refused(address="192.0.2.1").retry_after == WINDOW_SECONDS - 100
    bench.succeed(device="tablet")
    bench.now += WINDOW_SECONDS
    bench.succeed()


def test_failures_of_a_familiar_device_use_up_nothing_that_others_share(bench: Bench) -> None:
    bench.succeed()
    bench.fail(times=PER_FAMILIAR_DEVICE)
    bench.fail(device="new-phone", times=4)
    bench.succeed(device="new-phone")


def test_a_device_is_familiar_to_the_user_who_logged_in_from_it_alone(bench: Bench) -> None:
    bench.succeed(name="mallory")
    bench.fail(times=5)
    bench.refused()


def test_made_up_device_ids_leave_a_guesser_no_more_attempts(bench: Bench) -> None:
    bench.succeed(address="198.51.100.1")
    for number in range(PER_USER):
        bench.fail(address=f"203.0.113.{number // 5}", device=f"made-up-{number}")
    bench.refused(address="192.0.2.1", device="made-up")


def test_where_a_user_logged_in_is_forgotten_after_ninety_days(bench: Bench) -> None:
    bench.succeed(device="phone", address="198.51.100.1")
    bench.now += FAMILIAR_SECONDS + 1
    for number in range(PER_USER):
        bench.fail(address=f"203.0.113.{number}", device="guesser")
    bench.refused(device="phone", address="198.51.100.1")


def test_attempts_at_once_beyond_the_limit_wait_for_the_outcome_of_the_others(bench: Bench) -> None:
    under_way = Attempt("demo1m", "alice", "phone", "203.0.113.7")
    first = [bench.throttle.attempt(under_way) for _ in range(5)]
    for attempt in first:
        attempt.__enter__()

    def end_one() -> None:
        first.pop().__exit__(None, None, None)

    bench.while_asleep = end_one
    bench.succeed()
    assert bench.slept == 1


def test_attempts_without_an_outcome_block_others_only_briefly(bench: Bench) -> None:
    stuck = [bench.throttle.attempt(Attempt("demo1m", "alice", "phone", "203.0.113.7")) for _ in range(5)]
    for attempt in stuck:
        attempt.__enter__()
    assert bench.refused().retry_after == 1
    assert bench.slept == WAITS
    assert len(stuck) == 5


def test_guesses_sent_at_once_are_bounded_too(bench: Bench) -> None:
    def wrong() -> None:
        bench.while_asleep = lambda: None
        for attempt in under_way:
            error = ForbiddenError("wrong_credentials", "wrong")
            attempt.__exit__(type(error), error, None)

    under_way = [bench.throttle.attempt(Attempt("demo1m", "alice", "phone", "203.0.113.7")) for _ in range(5)]
    for attempt in under_way:
        attempt.__enter__()
    bench.while_asleep = wrong
    assert bench.refused().retry_after == WINDOW_SECONDS - 100


def test_a_fault_of_ours_counts_as_no_failure(bench: Bench) -> None:
    for _ in range(20):
        with pytest.raises(RuntimeError), bench.throttle.attempt(Attempt("demo1m", "alice", "phone", "203.0.113.7")):
            raise RuntimeError
    assert set(bench.attempts.attempts.values()) == {0}


def test_a_refused_attempt_leaves_the_other_counters_alone(bench: Bench) -> None:
    for number in range(PER_ADDRESS):
        bench.fail(name=f"user{number}")
    for _ in range(10):
        bench.refused(name="alice")
    bench.fail(name="alice", address="203.0.113.8", times=5)
    assert sorted(bench.attempts.attempts.values())[-1] == PER_ADDRESS
