"""Suspending and deleting users, here and at Exotel, whatever fails."""

from dataclasses import replace

import pytest

from switchboard.calls.context import CallContext
from switchboard.foundation.errors import UpstreamError
from switchboard.provisioning.manage_subscribers import Change
from switchboard.subscribers.subscriber import Device, Status, TokenType
from tests.benches.manage_subscribers import DOWN, Bench, BusySubscribers


def test_a_suspension_ends_sessions_and_takes_the_context_away(bench: Bench) -> None:
    before = bench.put()
    bench.contexts.put(CallContext("demo1m", "alice", "bob", "", 1, 9_999))
    after = bench.put(status=Status.INACTIVE)
    assert after.session_version != before.session_version
    assert bench.contexts.find("demo1m", "alice", 1000) is None
    statuses = [bench.exotel.statuses["demo1m", "alice"]]
    assert bench.put(status=Status.ACTIVE).active
    assert [*statuses, bench.exotel.statuses["demo1m", "alice"]] == [Status.INACTIVE, Status.ACTIVE]


def test_a_suspension_holds_at_once_although_exotel_is_down(bench: Bench) -> None:
    bench.put()
    bench.exotel.fault = DOWN
    with pytest.raises(UpstreamError):
        bench.put(status=Status.INACTIVE)
    assert not bench.stored().active
    assert bench.suspended == [("demo1m", "alice")]  # before Exotel is asked: a phone may be ringing
    bench.exotel.fault = None
    bench.put(status=Status.INACTIVE)
    assert bench.exotel.statuses["demo1m", "alice"] is Status.INACTIVE


def test_a_deletion_takes_all_away_here_and_at_exotel(bench: Bench) -> None:
    bench.put()
    bench.devices.register("demo1m", "alice", Device("token", TokenType.FCM, 1))
    bench.contexts.put(CallContext("demo1m", "alice", "bob", "", 1, 9_999))
    assert bench.manage.delete("demo1m", "alice") == "erasure of alice 1000000"
    assert bench.erasures.begun == {("demo1m", "alice", 1_000_000): False}
    assert bench.suspended == [("demo1m", "alice")]
    assert bench.devices_at_suspension == [1]  # phones that ring are told while they are known
    assert bench.subscribers.find("demo1m", "alice") is None
    assert bench.devices.of("demo1m", "alice") == []
    assert bench.contexts.find("demo1m", "alice", 1000) is None
    assert bench.exotel.statuses == {}


def test_the_records_of_calls_can_be_kept_without_the_name(bench: Bench) -> None:
    bench.put()
    bench.manage.delete("demo1m", "alice", pseudonymise=True)
    assert list(bench.erasures.begun.values()) == [True]


def test_whom_exotel_does_not_have_can_be_deleted(bench: Bench) -> None:
    bench.put()
    bench.exotel.statuses.clear()
    bench.manage.delete("demo1m", "alice")
    assert bench.subscribers.find("demo1m", "alice") is None


def test_a_deletion_without_exotels_answer_blocks_logins_and_can_be_repeated(bench: Bench) -> None:
    bench.put()
    bench.exotel.fault = DOWN
    with pytest.raises(UpstreamError):
        bench.manage.delete("demo1m", "alice")
    assert not bench.stored().active
    assert bench.erasures.begun == {}
    bench.exotel.fault = None
    bench.manage.delete("demo1m", "alice")
    assert bench.subscribers.find("demo1m", "alice") is None


def test_the_same_name_in_another_account_is_another_subscriber(bench: Bench) -> None:
    bench.put(display_name="Alice")
    bench.manage.put("other1m", "alice", Change(display_name="Another"))
    bench.manage.delete("other1m", "alice")
    assert bench.stored().display_name == "Alice"


def test_a_change_does_not_undo_a_suspension_made_meanwhile(bench: Bench) -> None:
    busy = BusySubscribers(times=1)
    bench.manage = replace(bench.manage, subscribers=busy)
    bench.put()
    assert bench.put(display_name="Al").status is Status.INACTIVE
