"""The customer's server manages users, without any outside part."""

from dataclasses import replace

import pytest

from switchboard.domain.calls import CallContext
from switchboard.domain.errors import InvalidFieldError, NotFoundError, UnavailableError, UpstreamError
from switchboard.domain.subscribers import Contact, ContactGroup, Device, Status, Subscriber, TokenType
from switchboard.usecases.manage_subscribers import Change, ManageSubscribers
from tests.fakes.call_contexts import FakeCallContexts
from tests.fakes.identity import FakeAccounts, FakeExotel, FakePasswords
from tests.fakes.subscribers import FakeDevices, FakeSubscribers

DOWN = UpstreamError("exotel_unavailable", "down")


class Bench:
    def __init__(self) -> None:
        self.devices = FakeDevices()
        self.subscribers = FakeSubscribers(self.devices)
        self.contexts = FakeCallContexts()
        self.exotel = FakeExotel()
        self.now = 1000.0
        versions = iter(f"v{number}" for number in range(1, 100))
        self.manage = ManageSubscribers(
            accounts=FakeAccounts("demo1m", "other1m"),
            subscribers=self.subscribers,
            devices=self.devices,
            contexts=self.contexts,
            exotel=self.exotel,
            passwords=FakePasswords(),
            clock=lambda: self.now,
            monotonic=lambda: 5.0,
            new_version=lambda: next(versions),
        )

    def put(self, **change: object) -> Subscriber:
        return self.manage.put("demo1m", "alice", Change(**change))[0]  # type: ignore[arg-type]

    def stored(self) -> Subscriber:
        found = self.subscribers.find("demo1m", "alice")
        assert found is not None
        return found


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_new_subscriber_is_created_here_and_at_exotel(bench: Bench) -> None:
    after, devices, new = bench.manage.put("demo1m", "alice", Change(password="switchboard", display_name="Alice"))
    assert (devices, new) == (0, True)
    assert after == bench.stored()
    assert after == Subscriber(
        "demo1m", "alice", Status.ACTIVE, after.session_version, "Alice", 1000, 1000, "hash of switchboard"
    )
    assert bench.exotel.statuses == {("demo1m", "alice"): Status.ACTIVE}


def test_without_a_display_name_the_name_is_shown(bench: Bench) -> None:
    assert bench.put().display_name == "alice"


def test_one_whom_exotel_has_already_is_fine_and_made_active_there(bench: Bench) -> None:
    bench.exotel.statuses["demo1m", "alice"] = Status.INACTIVE
    bench.put()
    assert bench.exotel.statuses["demo1m", "alice"] is Status.ACTIVE


def test_one_created_as_suspended_is_suspended_at_exotel_too(bench: Bench) -> None:
    assert not bench.put(status=Status.INACTIVE).active
    assert bench.exotel.statuses["demo1m", "alice"] is Status.INACTIVE


def test_a_change_leaves_the_rest_as_it_is_and_does_not_trouble_exotel(bench: Bench) -> None:
    before = bench.put(password="switchboard", display_name="Alice")
    bench.exotel.fault, bench.now = DOWN, 2000.0
    groups = (ContactGroup("Friends", (Contact("Bob", "bob"),)),)
    after, _, new = bench.manage.put("demo1m", "alice", Change(contact_groups=groups))
    assert not new
    assert after == replace(before, contact_groups=groups, updated_at=2000)
    assert bench.put(display_name="Al").contact_groups == groups


def test_a_new_password_ends_the_sessions(bench: Bench) -> None:
    before = bench.put(password="switchboard")
    after = bench.put(password="another-one")
    assert after.session_version != before.session_version
    assert after.password_hash == "hash of another-one"
    assert bench.put(display_name="Al").session_version == after.session_version


def test_a_suspension_ends_sessions_and_takes_the_context_away(bench: Bench) -> None:
    before = bench.put()
    bench.contexts.put(CallContext("demo1m", "alice", "bob", "", 1, 9_999))
    after = bench.put(status=Status.INACTIVE)
    assert after.session_version != before.session_version
    assert bench.contexts.find("demo1m", "alice", 1000) is None
    assert bench.exotel.statuses["demo1m", "alice"] is Status.INACTIVE
    assert bench.put(status=Status.ACTIVE).active
    assert bench.exotel.statuses["demo1m", "alice"] is Status.ACTIVE


def test_a_suspension_holds_at_once_although_exotel_is_down(bench: Bench) -> None:
    bench.put()
    bench.exotel.fault = DOWN
    with pytest.raises(UpstreamError):
        bench.put(status=Status.INACTIVE)
    assert not bench.stored().active
    bench.exotel.fault = None
    bench.put(status=Status.INACTIVE)
    assert bench.exotel.statuses["demo1m", "alice"] is Status.INACTIVE


def test_nobody_is_let_in_before_exotel_knows(bench: Bench) -> None:
    bench.exotel.fault = DOWN
    with pytest.raises(UpstreamError):
        bench.put(password="switchboard")
    assert bench.subscribers.find("demo1m", "alice") is None


@pytest.mark.parametrize("name", ["", "a b", "seventeenletters1", "al#ice", "älice"])
def test_a_name_that_exotel_would_refuse_is_refused(bench: Bench, name: str) -> None:
    with pytest.raises(InvalidFieldError) as refused:
        bench.manage.put("demo1m", name, Change())
    assert refused.value.field == "name"
    assert bench.exotel.calls == []


def test_an_account_that_is_not_configured_is_not_found(bench: Bench) -> None:
    for ask in (
        lambda: bench.manage.put("unknown1m", "alice", Change()),
        lambda: bench.manage.get("unknown1m", "alice"),
        lambda: bench.manage.delete("unknown1m", "alice"),
    ):
        with pytest.raises(NotFoundError) as refused:
            ask()
        assert refused.value.code == "unknown_account"


@pytest.mark.parametrize("name", ["nobody", "no#body"])
def test_who_is_unknown_is_not_found(bench: Bench, name: str) -> None:
    for ask in (lambda: bench.manage.get("demo1m", name), lambda: bench.manage.delete("demo1m", name)):
        with pytest.raises(NotFoundError) as refused:
            ask()
        assert refused.value.code == "unknown_subscriber"


def test_a_subscriber_is_shown_with_the_number_of_its_devices(bench: Bench) -> None:
    bench.put()
    bench.devices.register("demo1m", "alice", Device("token", TokenType.FCM, 1))
    assert bench.manage.get("demo1m", "alice") == (bench.stored(), 1)
    assert bench.manage.put("demo1m", "alice", Change())[1] == 1


def test_a_deletion_takes_all_away_here_and_at_exotel(bench: Bench) -> None:
    bench.put()
    bench.devices.register("demo1m", "alice", Device("token", TokenType.FCM, 1))
    bench.contexts.put(CallContext("demo1m", "alice", "bob", "", 1, 9_999))
    bench.manage.delete("demo1m", "alice")
    assert bench.subscribers.find("demo1m", "alice") is None
    assert bench.devices.of("demo1m", "alice") == []
    assert bench.contexts.find("demo1m", "alice", 1000) is None
    assert bench.exotel.statuses == {}


def test_whom_exotel_does_not_have_can_be_deleted(bench: Bench) -> None:
    bench.put()
    bench.exotel.statuses.clear()
    bench.manage.delete("demo1m", "alice")
    assert bench.subscribers.find("demo1m", "alice") is None


def test_a_deletion_that_exotel_did_not_answer_locks_out_and_can_be_repeated(bench: Bench) -> None:
    bench.put()
    bench.exotel.fault = DOWN
    with pytest.raises(UpstreamError):
        bench.manage.delete("demo1m", "alice")
    assert not bench.stored().active
    bench.exotel.fault = None
    bench.manage.delete("demo1m", "alice")
    assert bench.subscribers.find("demo1m", "alice") is None


def test_the_same_name_in_another_account_is_another_subscriber(bench: Bench) -> None:
    bench.put(display_name="Alice")
    bench.manage.put("other1m", "alice", Change(display_name="Another"))
    bench.manage.delete("other1m", "alice")
    assert bench.stored().display_name == "Alice"


class BusySubscribers(FakeSubscribers):
    """Somebody else changes the profile each time, between our look and our write."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self._times = times

    def replace(self, seen: Subscriber | None, subscriber: Subscriber) -> bool:
        if self._times and seen:
            self._times -= 1
            self.put(replace(seen, status=Status.INACTIVE, updated_at=seen.updated_at + 1))
        return super().replace(seen, subscriber)


def test_a_change_does_not_undo_a_suspension_made_meanwhile(bench: Bench) -> None:
    busy = BusySubscribers(times=1)
    bench.manage = replace(bench.manage, subscribers=busy)
    bench.put()
    assert bench.put(display_name="Al").status is Status.INACTIVE


def test_a_profile_that_changes_all_the_time_is_given_up(bench: Bench) -> None:
    bench.manage = replace(bench.manage, subscribers=BusySubscribers(times=9))
    bench.put()
    with pytest.raises(UnavailableError):
        bench.put(display_name="Al")
