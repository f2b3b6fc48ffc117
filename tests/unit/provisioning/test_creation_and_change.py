"""Creating, changing and showing users, here and at Exotel."""

from dataclasses import replace

import pytest

from switchboard.foundation.errors import InvalidFieldError, NotFoundError, UnavailableError, UpstreamError
from switchboard.provisioning.manage_subscribers import Change
from switchboard.subscribers.subscriber import Contact, ContactGroup, Device, Status, Subscriber, TokenType
from tests.benches.manage_subscribers import DOWN, Bench, BusySubscribers


def test_a_new_subscriber_is_created_here_and_at_exotel(bench: Bench) -> None:
    after, devices, new = bench.manage.put("demo1m", "alice", Change(password="switchboard", display_name="Alice"))
    assert (devices, new) == (0, True)
    assert after == bench.stored()
    made = Subscriber(
        "demo1m", "alice", Status.ACTIVE, after.session_version, "Alice", 1000, 1000, "hash of switchboard"
    )
    assert after == replace(made, generation=1_000_000)
    assert bench.exotel.statuses == {("demo1m", "alice"): Status.ACTIVE}


def test_without_a_display_name_the_name_is_shown(bench: Bench) -> None:
    assert bench.put().display_name == "alice"


def test_a_subscriber_that_exotel_has_already_is_activated_there(bench: Bench) -> None:
    bench.exotel.statuses["demo1m", "alice"] = Status.INACTIVE
    bench.put()
    assert bench.exotel.statuses["demo1m", "alice"] is Status.ACTIVE


def test_one_created_as_suspended_is_suspended_at_exotel_too(bench: Bench) -> None:
    assert not bench.put(status=Status.INACTIVE).active
    assert bench.exotel.statuses["demo1m", "alice"] is Status.INACTIVE


def test_a_change_keeps_the_other_fields_and_does_not_call_exotel(bench: Bench) -> None:
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


def test_a_profile_that_changes_all_the_time_is_given_up(bench: Bench) -> None:
    bench.manage = replace(bench.manage, subscribers=BusySubscribers(times=9))
    bench.put()
    with pytest.raises(UnavailableError):
        bench.put(display_name="Al")
