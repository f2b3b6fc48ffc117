"""What every implementation of ports.subscribers.Subscribers does: the fake, and DynamoDB in moto."""

from dataclasses import replace

import pytest

from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.ended_sessions import MOST_ENDED, end_session
from switchboard.subscribers.subscriber import Contact, ContactGroup, Status, Subscriber
from tests.contract.subscribers.stores import (
    PHONE,
    TABLE,
    Stores,
    dynamodb_client,
    dynamodb_stores,
    stores,
    subscriber,
)

__all__ = ["dynamodb_stores", "stores"]  # fixtures


def test_a_name_nobody_has_is_not_found(stores: Stores) -> None:
    assert stores.subscribers.find("demo1m", "nobody") is None
    assert stores.subscribers.status("demo1m", "nobody") is None


@pytest.mark.parametrize(
    "profile",
    [
        subscriber(),
        replace(subscriber(), status=Status.INACTIVE, password_hash="$argon2id$x"),
        replace(subscriber(), contact_groups=()),
        replace(
            subscriber(),
            contact_groups=(
                ContactGroup("Friends", (Contact("Bob", "bob"), Contact("Carol", "carol")), is_special=True),
                ContactGroup("Nobody", ()),
            ),
        ),
    ],
)
def test_a_profile_comes_back_as_it_was_stored(stores: Stores, profile: Subscriber) -> None:
    stores.subscribers.put(profile)
    assert stores.subscribers.find("demo1m", "alice") == profile
    assert stores.subscribers.status("demo1m", "alice") is profile.status


def test_a_profile_replaces_the_earlier_one_whole(stores: Stores) -> None:
    stores.subscribers.put(replace(subscriber(), password_hash="$argon2id$x"))
    stores.subscribers.put(subscriber())
    assert stores.subscribers.find("demo1m", "alice") == subscriber()


GROUPS = (ContactGroup("Friends", (Contact("Bob", "bob"),)),)


def test_a_new_profile_is_stored_only_where_there_is_none(stores: Stores) -> None:
    assert stores.subscribers.replace(None, subscriber())
    assert not stores.subscribers.replace(None, replace(subscriber(), display_name="Other"))
    assert stores.subscribers.find("demo1m", "alice") == subscriber()


@pytest.mark.parametrize("seen", [subscriber(), replace(subscriber(), password_hash="h", contact_groups=GROUPS)])
def test_a_profile_that_nobody_changed_meanwhile_is_replaced(stores: Stores, seen: Subscriber) -> None:
    stores.subscribers.put(seen)
    after = replace(subscriber(), status=Status.INACTIVE)
    assert stores.subscribers.replace(seen, after)
    assert stores.subscribers.find("demo1m", "alice") == after


@pytest.mark.parametrize(
    "meanwhile",
    [
        replace(subscriber(), session_version="v2"),
        replace(subscriber(), status=Status.INACTIVE),
        replace(subscriber(), contact_groups=GROUPS),
        replace(subscriber(), password_hash="h"),
    ],
)
def test_a_concurrent_change_is_not_overwritten(stores: Stores, meanwhile: Subscriber) -> None:
    stores.subscribers.put(meanwhile)
    assert not stores.subscribers.replace(subscriber(), replace(subscriber(), display_name="Other"))
    assert stores.subscribers.find("demo1m", "alice") == meanwhile


def test_a_deleted_profile_is_not_brought_back_by_a_change(stores: Stores) -> None:
    assert not stores.subscribers.replace(subscriber(), subscriber())
    assert stores.subscribers.find("demo1m", "alice") is None


def test_names_keep_their_case_and_accounts_are_apart(stores: Stores) -> None:
    stores.subscribers.put(subscriber())
    assert stores.subscribers.find("demo1m", "Alice") is None
    assert stores.subscribers.find("other1m", "alice") is None


def test_everyone_is_the_active_of_one_account_by_name_up_to_the_limit(stores: Stores) -> None:
    for name in ("carol", "alice", "bob", "dave"):
        stores.subscribers.put(subscriber(name))
    stores.subscribers.put(replace(subscriber("bob"), status=Status.INACTIVE))
    stores.subscribers.put(subscriber("aaron", "other1m"))
    stores.devices.register("demo1m", "alice", PHONE)
    everyone = stores.subscribers.everyone("demo1m", 200)
    assert [(found.name, found.display_name) for found in everyone] == [
        ("alice", "Alice"), ("carol", "Carol"), ("dave", "Dave"),
    ]  # fmt: skip
    assert [found.name for found in stores.subscribers.everyone("demo1m", 2)] == ["alice", "carol"]


def test_a_glance_sees_the_profile(stores: Stores) -> None:
    stores.subscribers.put(subscriber())
    assert stores.subscribers.glance("demo1m", "alice") == subscriber()
    assert stores.subscribers.glance("demo1m", "bob") is None


def end(stores: Stores, *sessions: str, until: int = 1700009999, now: int = 1700000000, name: str = "alice") -> None:
    for session in sessions:
        end_session(stores.subscribers, "demo1m", name, (session, until), now=now, new_version=lambda: "v2")


def test_ended_sessions_are_in_the_profile_until_they_would_have_expired(stores: Stores) -> None:
    stores.subscribers.put(subscriber())
    end(stores, "two", "one")
    end(stores, "one")
    ended = replace(subscriber(), ended_sessions=(("one", 1700009999), ("two", 1700009999)))
    assert stores.subscribers.find("demo1m", "alice") == ended

    end(stores, "three", until=1700020000, now=1700010000)
    assert stores.subscribers.find("demo1m", "alice") == replace(subscriber(), ended_sessions=(("three", 1700020000),))


def test_one_session_more_than_a_profile_holds_ends_all_sessions(stores: Stores) -> None:
    stores.subscribers.put(subscriber())
    names = [f"session-{number:02}" for number in range(MOST_ENDED)]
    end(stores, *names)
    known = stores.subscribers.find("demo1m", "alice")
    assert known == replace(subscriber(), ended_sessions=tuple((name, 1700009999) for name in names))

    end(stores, "another")
    assert stores.subscribers.find("demo1m", "alice") == replace(subscriber(), session_version="v2")


def test_a_change_of_the_profile_does_not_undo_a_logout(stores: Stores) -> None:
    stores.subscribers.put(subscriber())
    seen = stores.subscribers.find("demo1m", "alice")
    assert seen is not None
    end(stores, "one")
    assert not stores.subscribers.replace(seen, replace(seen, display_name="Other"))

    now = stores.subscribers.find("demo1m", "alice")
    assert now is not None
    assert stores.subscribers.replace(now, replace(now, display_name="Other"))
    assert stores.subscribers.find("demo1m", "alice") == replace(now, display_name="Other")


def test_a_session_of_somebody_who_is_gone_has_ended(stores: Stores) -> None:
    end(stores, "one", name="nobody")
    assert stores.subscribers.find("demo1m", "nobody") is None


def test_deleting_a_subscriber_leaves_nothing_of_it_and_touches_nobody_else(stores: Stores) -> None:
    for name in ("alice", "bob"):
        stores.subscribers.put(subscriber(name))
        end(stores, "one", name=name)
        stores.devices.register("demo1m", name, replace(PHONE, token=f"{name}-token"))
    stores.subscribers.delete("demo1m", "alice", 0)
    assert stores.subscribers.find("demo1m", "alice") is None
    assert stores.devices.of("demo1m", "alice") == []
    kept = stores.subscribers.find("demo1m", "bob")
    assert kept == replace(subscriber("bob"), ended_sessions=(("one", 1700009999),))
    assert len(stores.devices.of("demo1m", "bob")) == 1


def test_deleting_a_subscriber_that_is_not_there_does_nothing(stores: Stores) -> None:
    stores.subscribers.delete("demo1m", "nobody", 0)


def test_all_of_an_account_are_listed_whatever_their_status() -> None:
    with dynamodb_client() as client:
        subscribers = DynamoSubscribers(client, TABLE)
        subscribers.put(subscriber("carol"))
        subscribers.put(replace(subscriber("bob"), status=Status.INACTIVE))
        subscribers.put(subscriber("aaron", "other1m"))
        listed = [(found.name, found.status) for found in subscribers.listed("demo1m")]
    assert listed == [("bob", Status.INACTIVE), ("carol", Status.ACTIVE)]


def test_the_next_user_of_a_name_is_not_deleted_with_the_one_before(stores: Stores) -> None:
    stores.subscribers.put(replace(subscriber("alice"), generation=2))
    stores.subscribers.delete("demo1m", "alice", 1)
    assert stores.subscribers.find("demo1m", "alice") == replace(subscriber("alice"), generation=2)
