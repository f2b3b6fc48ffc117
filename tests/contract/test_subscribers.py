"""What every implementation of ports.Subscribers and ports.Devices does: the fakes, and DynamoDB as moto plays it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

import boto3
import pytest
from moto import mock_aws
from types_boto3_dynamodb import DynamoDBClient

from switchboard.adapters.devices import DynamoDevices
from switchboard.adapters.subscribers import DynamoSubscribers
from switchboard.domain.subscribers import Contact, ContactGroup, Device, Platform, Status, Subscriber, TokenType
from switchboard.identity_ports import Profiles
from switchboard.ports import Devices
from tests.fakes.subscribers import FakeDevices, FakeSubscribers
from tests.tables import create_tables

TABLE = "SubscribersTable"


class Stores(NamedTuple):
    subscribers: Profiles
    devices: Devices


@contextmanager
def dynamodb_client() -> Iterator[DynamoDBClient]:
    """Yield a DynamoDB client of moto's, with the table in place."""
    with mock_aws():
        client = boto3.client("dynamodb", "ap-south-1", aws_access_key_id="test", aws_secret_access_key="test")
        create_tables(client)
        yield client


@pytest.fixture
def dynamodb_stores() -> Iterator[Stores]:
    with dynamodb_client() as client:
        yield Stores(DynamoSubscribers(client, TABLE), DynamoDevices(client, TABLE))


@pytest.fixture(params=["fake", "dynamodb"])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "dynamodb":
        yield request.getfixturevalue("dynamodb_stores")
    else:
        devices = FakeDevices()
        yield Stores(FakeSubscribers(devices), devices)


def subscriber(name: str = "alice", account: str = "demo1m") -> Subscriber:
    return Subscriber(
        account=account,
        name=name,
        status=Status.ACTIVE,
        session_version="v1",
        display_name=name.title(),
        created_at=1700000000,
        updated_at=1700000001,
    )


PHONE = Device("phone-token", TokenType.FCM, 1700000000123)


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
def test_a_change_that_nobody_saw_is_not_undone(stores: Stores, meanwhile: Subscriber) -> None:
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


def test_a_session_is_ended_alone(stores: Stores) -> None:
    stores.subscribers.put(subscriber())
    stores.subscribers.end_session("demo1m", "alice", "one", 1700009999)
    assert stores.subscribers.find_session("demo1m", "alice", "one") == (subscriber(), True)
    assert stores.subscribers.find_session("demo1m", "alice", "two") == (subscriber(), False)
    assert stores.subscribers.find_session("demo1m", "bob", "one") == (None, False)


def test_deleting_a_subscriber_leaves_nothing_of_it_and_touches_nobody_else(stores: Stores) -> None:
    for name in ("alice", "bob"):
        stores.subscribers.put(subscriber(name))
        stores.subscribers.end_session("demo1m", name, "one", 1700009999)
        stores.devices.register("demo1m", name, replace(PHONE, token=f"{name}-token"))
    stores.subscribers.delete("demo1m", "alice")
    assert stores.subscribers.find_session("demo1m", "alice", "one") == (None, False)
    assert stores.devices.of("demo1m", "alice") == []
    assert stores.subscribers.find_session("demo1m", "bob", "one") == (subscriber("bob"), True)
    assert len(stores.devices.of("demo1m", "bob")) == 1


def test_deleting_a_subscriber_that_is_not_there_does_nothing(stores: Stores) -> None:
    stores.subscribers.delete("demo1m", "nobody")


def test_a_deleted_subscribers_token_can_be_registered_by_another(stores: Stores) -> None:
    stores.devices.register("demo1m", "alice", PHONE)
    stores.subscribers.delete("demo1m", "alice")
    stores.devices.register("demo1m", "bob", PHONE)
    assert stores.devices.of("demo1m", "bob") == [PHONE]


@pytest.mark.parametrize(
    "device",
    [
        PHONE,
        Device("ab" * 32, TokenType.APNS_VOIP, 5, platform=Platform.IOS, device_id="1A2B"),
        replace(PHONE, set_aside="SENDER_ID_MISMATCH"),
    ],
)
def test_a_device_comes_back_as_it_was_registered(stores: Stores, device: Device) -> None:
    stores.devices.register("demo1m", "alice", device)
    assert stores.devices.of("demo1m", "alice") == [device]


def test_a_subscriber_has_several_devices(stores: Stores) -> None:
    phones = [replace(PHONE, token=f"token-{number}") for number in range(3)]
    for phone in phones:
        stores.devices.register("demo1m", "dave", phone)
    assert {found.token for found in stores.devices.of("demo1m", "dave")} == {phone.token for phone in phones}


def test_registering_the_same_token_again_renews_it(stores: Stores) -> None:
    stores.devices.register("demo1m", "alice", replace(PHONE, set_aside="SENDER_ID_MISMATCH"))
    renewed = replace(PHONE, registered_at=PHONE.registered_at + 1)
    stores.devices.register("demo1m", "alice", renewed)
    assert stores.devices.of("demo1m", "alice") == [renewed]


def test_a_token_under_a_new_subscriber_leaves_the_former_at_once(stores: Stores) -> None:
    for name in ("alice", "bob", "alice", "carol"):
        stores.devices.register("demo1m", name, PHONE)
    assert stores.devices.of("demo1m", "alice") == []
    assert stores.devices.of("demo1m", "bob") == []
    assert stores.devices.of("demo1m", "carol") == [PHONE]


def test_a_token_in_two_accounts_stays_in_both(stores: Stores) -> None:
    stores.devices.register("demo1m", "alice", PHONE)
    stores.devices.register("other1m", "alice", PHONE)
    assert stores.devices.remove("other1m", "alice", PHONE.key)
    assert stores.devices.of("demo1m", "alice") == [PHONE]


def test_a_removed_device_is_gone_and_its_token_free(stores: Stores) -> None:
    stores.devices.register("demo1m", "alice", PHONE)
    assert stores.devices.remove("demo1m", "alice", PHONE.key)
    assert not stores.devices.remove("demo1m", "alice", PHONE.key)
    assert stores.devices.of("demo1m", "alice") == []
    stores.devices.register("demo1m", "bob", PHONE)
    assert stores.devices.of("demo1m", "bob") == [PHONE]


def test_only_the_owner_can_remove_a_device(stores: Stores) -> None:
    stores.devices.register("demo1m", "alice", PHONE)
    assert not stores.devices.remove("demo1m", "bob", PHONE.key)
    assert stores.devices.of("demo1m", "alice") == [PHONE]


def test_a_device_registered_anew_survives_a_late_removal(stores: Stores) -> None:
    stores.devices.register("demo1m", "alice", PHONE)
    renewed = replace(PHONE, registered_at=PHONE.registered_at + 1)
    stores.devices.register("demo1m", "alice", renewed)
    assert not stores.devices.remove("demo1m", "alice", PHONE.key, registered_at=PHONE.registered_at)
    assert stores.devices.of("demo1m", "alice") == [renewed]
    assert stores.devices.remove("demo1m", "alice", PHONE.key, registered_at=renewed.registered_at)


def test_a_device_set_aside_is_kept_with_the_reason(stores: Stores) -> None:
    stores.devices.register("demo1m", "alice", PHONE)
    stores.devices.set_aside("demo1m", "alice", PHONE.key, "mismatch", registered_at=PHONE.registered_at)
    assert stores.devices.of("demo1m", "alice") == [replace(PHONE, set_aside="mismatch")]


def test_a_device_registered_anew_is_not_set_aside(stores: Stores) -> None:
    stores.devices.register("demo1m", "alice", PHONE)
    stores.devices.set_aside("demo1m", "alice", PHONE.key, "mismatch", registered_at=PHONE.registered_at - 1)
    stores.devices.set_aside("demo1m", "bob", PHONE.key, "mismatch", registered_at=PHONE.registered_at)
    assert stores.devices.of("demo1m", "alice") == [PHONE]
    assert stores.devices.of("demo1m", "bob") == []
