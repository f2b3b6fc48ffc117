"""The limits of failed logins, and to whom they apply."""

from dataclasses import replace

import pytest

from switchboard.rate_limits.limits import (
    FAMILIAR_SECONDS,
    MOST_FAMILIAR,
    REFRESH_SECONDS,
    WINDOW_SECONDS,
    Attempt,
    limits,
    network,
    to_forget,
    to_remember,
    window_end,
)

WHO = Attempt("demo1m", "alice", "2fc4b5912826ad1", "203.0.113.7")
NOW = 10 * WINDOW_SECONDS + 60.5


def keys(attempt: Attempt, now: float = NOW) -> list[str]:
    return [limit.key for limit in limits(attempt, {}, now)]


def test_failures_are_limited_by_user_and_address_by_address_and_by_user() -> None:
    assert [limit.at_most for limit in limits(WHO, {}, NOW)] == [5, 50, 100]


def test_failures_elsewhere_do_not_count_at_a_familiar_address() -> None:
    assert limits(WHO, {WHO.place: int(NOW) + 1}, NOW) == limits(WHO, {}, NOW)[:2]


def test_a_familiar_device_has_a_limit_of_its_own() -> None:
    familiar = {WHO.device: int(NOW) + 1}
    (own,) = limits(WHO, familiar, NOW)
    assert own.at_most == 10
    assert own.key not in keys(WHO)
    assert limits(replace(WHO, address="198.51.100.1"), familiar, NOW) == (own,)
    assert limits(replace(WHO, device_id="other"), familiar, NOW) == limits(WHO, {}, NOW)


def test_what_is_no_longer_remembered_is_not_familiar() -> None:
    assert limits(WHO, {WHO.device: int(NOW), WHO.place: int(NOW)}, NOW) == limits(WHO, {}, NOW)


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (Attempt("demo1m", "alice", "other", "203.0.113.7"), [True, True, True]),
        (Attempt("demo1m", "alice", "other", "203.0.113.8"), [False, False, True]),
        (Attempt("demo1m", "Alice", "other", "203.0.113.7"), [False, True, False]),
        (Attempt("other1m", "alice", "other", "203.0.113.7"), [False, True, False]),
        (Attempt("demo1ma", "lice", "other", "203.0.113.8"), [False, False, False]),
    ],
)
def test_counters_are_shared_only_by_the_same_user_or_address(other: Attempt, shared: list[bool]) -> None:
    assert [a == b for a, b in zip(keys(WHO), keys(other), strict=True)] == shared


def test_counting_begins_anew_with_each_window() -> None:
    assert not set(keys(WHO)) & set(keys(WHO, NOW + WINDOW_SECONDS))
    assert keys(WHO) == keys(WHO, window_end(NOW) - 0.5)
    assert window_end(NOW) == 11 * WINDOW_SECONDS


def test_keys_hold_neither_names_nor_addresses() -> None:
    assert not any(
        word in key for key in (*keys(WHO), WHO.device, WHO.place) for word in ("alice", "demo1m", "203.0.113.7")
    )


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_customer_is_one_address(address: str, counted: str) -> None:
    assert network(address) == counted


def test_an_origin_is_remembered_when_new_or_soon_forgotten() -> None:
    assert WHO.device != WHO.place
    assert to_remember(WHO, {}, NOW) == [WHO.device, WHO.place]
    familiar = {WHO.device: int(NOW) + FAMILIAR_SECONDS, WHO.place: int(NOW) + REFRESH_SECONDS - 1}
    assert to_remember(WHO, familiar, NOW) == [WHO.place]


def test_a_device_that_is_one_too_many_takes_the_place_of_the_one_remembered_longest_ago() -> None:
    devices = {f"device#{number}": number for number in range(MOST_FAMILIAR)}
    addresses = {f"address#{number}": number for number in range(MOST_FAMILIAR)}
    assert to_forget(["device#new"], devices | addresses) == ["device#0"]
    assert to_forget(["device#0"], devices | addresses) == []
    assert to_forget(["device#new", "address#new"], devices) == ["device#0"]
