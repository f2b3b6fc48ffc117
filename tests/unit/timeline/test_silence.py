"""Which phones are probably dead, from the pushes that they took and the acks of their app."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from switchboard.foundation.errors import UnavailableError
from switchboard.subscribers.subscriber import Device, TokenType, phone_key
from switchboard.timeline.event import Event, Kind, shown
from switchboard.timeline.find_silent import AROUND, MOST_CALLS, NEWEST, FindSilent
from switchboard.timeline.silence import ANY_PHONE, SentPush, pushes_to
from tests.fakes.clock import FakeClock

ACCOUNT, NOW = "demo1m", 1_700_000_000_000
HOUR = 3_600_000
REGISTERED = NOW - 100 * HOUR
ONE, TWO = (
    Device(token, TokenType.FCM, REGISTERED, phone=phone_key(ACCOUNT, "dave", token)) for token in ("one", "two")
)


def taken(hours_ago: int, *by: Device, acks: Sequence[Device] = ()) -> SentPush:
    """Return a push that these devices took, confirmed by the apps of `acks`."""
    took = frozenset(shown(device.key) for device in by)
    return SentPush(NOW - hours_ago * HOUR, took, frozenset(shown(device.phone or "") for device in acks))


class Pushes:
    """Implements SentPushes: one push a call, which is named by its time. `read` counts the calls that were read."""

    def __init__(self, *pushes: SentPush) -> None:
        self._by_call = {f"{push.at}": push for push in pushes}
        self.read = 0

    def calls(
        self, account: str, name: str, *, since: int, until: int, most: int, newest: bool = True
    ) -> Sequence[str]:
        assert (account, name) == (ACCOUNT, "dave")
        assert since <= until  # else DynamoDB refuses the query
        found = sorted((push.at for push in self._by_call.values() if since <= push.at <= until), reverse=newest)
        return [str(at) for at in found[:most]]

    def of(self, account: str, name: str, call: str) -> Sequence[SentPush]:
        self.read += 1
        return [self._by_call[call]]


def dead(*pushes: SentPush, devices: Sequence[Device] = (ONE,)) -> set[str]:
    """Return the tokens of the devices that are probably dead."""
    found = FindSilent(Pushes(*pushes), FakeClock(NOW / 1000), lambda: 0.0)(ACCOUNT, "dave", devices)
    return {device.token for device in devices if device.key in found}


IN_VAIN = [taken(hours, ONE) for hours in range(1, 11)]


def test_ten_pushes_in_a_row_without_an_ack_of_an_app_that_sends_acks() -> None:
    assert dead(*IN_VAIN, taken(11, ONE, acks=[ONE])) == {"one"}


def test_nine_are_too_few() -> None:
    assert not dead(*IN_VAIN[:9], taken(11, ONE, acks=[ONE]))


@pytest.mark.parametrize("position", [0, 5, 9])
def test_one_ack_among_the_last_ten_is_a_sign_of_life(position: int) -> None:
    pushes = list(IN_VAIN)
    pushes[position] = taken(position + 1, ONE, acks=[ONE])
    assert not dead(*pushes, taken(11, ONE, acks=[ONE]), taken(12, ONE))


def test_an_app_that_never_sends_an_ack_is_not_dead() -> None:
    assert not dead(*(taken(hours, ONE) for hours in range(1, 60)))


@pytest.mark.parametrize("hours_ago", [99, 98, 101, 105])
def test_an_ack_around_the_registration_shows_however_long_ago_that_it_sends_acks(hours_ago: int) -> None:
    silent = [taken(hours, ONE) for hours in range(1, 95)]
    assert dead(*silent, taken(hours_ago, ONE, acks=[ONE])) == {"one"}


def test_an_app_that_was_started_since_is_not_dead() -> None:
    again = replace(ONE, registered_at=NOW - 5 * HOUR)
    assert not dead(*IN_VAIN, taken(11, ONE, acks=[ONE]), devices=[again])


def test_the_ack_of_one_phone_says_nothing_about_the_other() -> None:
    pushes = [taken(hours, ONE, TWO, acks=[TWO]) for hours in range(1, 11)]
    assert dead(*pushes, taken(11, ONE, TWO, acks=[ONE, TWO]), devices=[ONE, TWO]) == {"one"}
    assert not dead(*pushes, devices=[ONE, TWO])


def test_an_ack_that_names_no_phone_counts_for_each() -> None:
    unnamed = replace(taken(3, ONE), confirmed_by=frozenset({ANY_PHONE}))
    assert not dead(*IN_VAIN[:2], unnamed, *IN_VAIN[3:], taken(11, ONE, acks=[ONE]))


def test_a_device_that_was_registered_just_now_is_alive_and_costs_nothing() -> None:
    pushes = Pushes(*IN_VAIN)
    new = replace(ONE, registered_at=NOW - 1_000)
    found = FindSilent(pushes, FakeClock(NOW / 1000), lambda: 0.0)(ACCOUNT, "dave", [new])
    assert (found, pushes.read) == (frozenset(), 0)


def test_a_device_without_a_session_cannot_confirm_and_costs_nothing() -> None:
    pushes = Pushes(*IN_VAIN)
    found = FindSilent(pushes, FakeClock(NOW / 1000), lambda: 0.0)(ACCOUNT, "dave", [replace(ONE, phone=None)])
    assert (found, pushes.read) == (frozenset(), 0)


def test_the_pushes_of_the_last_two_minutes_may_still_be_confirmed() -> None:
    now = [SentPush(NOW - 1_000, frozenset({shown(ONE.key)}), frozenset())]
    assert not dead(*now, *IN_VAIN[:9], taken(11, ONE, acks=[ONE]))


@pytest.mark.parametrize(
    ("pushes", "most"),
    [
        ([taken(1, ONE, acks=[ONE]), *IN_VAIN[1:]], 1),
        ([*IN_VAIN, taken(11, ONE, acks=[ONE])], 11),
        ([taken(hours, ONE) for hours in range(1, 99)], 10 + AROUND),
        ([taken(hours) for hours in range(1, 99)], NEWEST),
    ],
    ids=["healthy", "dead", "never acks", "only calls others"],
)
def test_a_look_is_bounded(pushes: Sequence[SentPush], most: int) -> None:
    records = Pushes(*pushes)
    FindSilent(records, FakeClock(NOW / 1000), lambda: 0.0)(ACCOUNT, "dave", [ONE])
    assert records.read == most


def test_a_look_at_many_phones_is_bounded() -> None:
    phones = [replace(ONE, token=f"{n}", registered_at=REGISTERED + n) for n in range(20)]
    records = Pushes(*(taken(hours, *phones) for hours in range(1, 150)))
    FindSilent(records, FakeClock(NOW / 1000), lambda: 0.0)(ACCOUNT, "dave", phones)
    assert records.read == MOST_CALLS


def test_a_slow_look_is_given_up() -> None:
    seconds = iter(range(100))
    find = FindSilent(Pushes(*IN_VAIN), FakeClock(NOW / 1000), lambda: float(next(seconds)), 3.0)
    with pytest.raises(UnavailableError):
        find(ACCOUNT, "dave", [ONE])


def test_pushes_are_read_from_the_events_of_calls() -> None:
    def event(kind: Kind, at: int, subscriber: str = "dave", **details: str) -> Event:
        return Event(ACCOUNT, "sid", kind, NOW + at, subscriber, {"push_id": "p", **details})

    events = [
        event(Kind.PUSH_SENT, 2, device="a", outcome="accepted"),
        event(Kind.PUSH_SENT, 2, device="b", outcome="retry"),
        event(Kind.PUSH_ACCEPTED, 1),
        event(Kind.PUSH_ACKNOWLEDGED, 3, phone="x"),
        event(Kind.PUSH_ACKNOWLEDGED, 4, "alice", phone="y"),
        Event(ACCOUNT, "sid", Kind.PUSH_ACCEPTED, NOW, "alice", {"push_id": "of alice's"}),
    ]
    assert pushes_to("dave", events) == [SentPush(NOW + 1, frozenset({"a"}), frozenset({"x"}))]
