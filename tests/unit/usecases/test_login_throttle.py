"""Guessing passwords is bounded; logging in is not."""

from collections.abc import Callable

import pytest

from switchboard.domain.errors import ForbiddenError, TooManyRequestsError
from switchboard.domain.login_limits import FAMILIAR_SECONDS, PER_ADDRESS, PER_USER, WINDOW_SECONDS, Attempt
from switchboard.usecases.login_throttle import WAITS, LoginThrottle
from tests.fakes.identity import FakeLoginAttempts

NOW = 10 * WINDOW_SECONDS + 100.5


class Bench:
    def __init__(self) -> None:
        self.attempts = FakeLoginAttempts()
        self.now = NOW
        self.slept = 0
        self.while_asleep: Callable[[], None] = lambda: None
        self.throttle = LoginThrottle(self.attempts, lambda: self.now, self._sleep)

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
    assert bench.attempts.remembered == 2  # the device and the address, once
    bench.fail()
    bench.refused()


def test_an_address_that_tries_many_users_is_refused(bench: Bench) -> None:
    for number in range(PER_ADDRESS):
        bench.fail(name=f"user{number}")
    bench.refused(name="alice")
    bench.succeed(name="alice", address="203.0.113.8")


def test_a_user_who_is_guessed_at_from_many_addresses_is_closed_to_strangers_only(bench: Bench) -> None:
    bench.succeed(device="phone", address="198.51.100.1")
    for number in range(PER_USER):
        bench.fail(address=f"203.0.113.{number}", device="guesser")
    bench.refused(address="192.0.2.1", device="guesser")
    bench.succeed(device="phone", address="192.0.2.2")
    bench.succeed(device="new-phone", address="198.51.100.1")
    bench.succeed(name="bob", address="192.0.2.1", device="guesser")


def test_a_known_phone_does_not_lift_the_limit_of_the_address_it_guesses_from(bench: Bench) -> None:
    bench.succeed()
    bench.fail(times=5)
    bench.refused()


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
    bench.while_asleep = lambda: first.pop().__exit__(None, None, None) and None
    bench.succeed()
    assert bench.slept == 1


def test_attempts_whose_outcome_never_comes_are_refused_for_a_moment(bench: Bench) -> None:
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
