"""Devices, contacts and log destinations, on fakes."""

from dataclasses import replace

import pytest

from switchboard.foundation.errors import InvalidFieldError
from switchboard.logs.destinations import LogDestinations
from switchboard.subscribers.devices import MOST_DEVICES
from switchboard.subscribers.manage_devices import MOST_CONTACTS, ContactsOf, DevicesOf
from switchboard.subscribers.subscriber import Contact, ContactGroup, Platform, Status, Subscriber
from tests.fakes.log_bucket import FakeLogBucket
from tests.fakes.subscribers import FakeDevices, FakeSubscribers

NOW = 1700000000.5


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
def devices() -> DevicesOf:
    return DevicesOf(FakeDevices(), Clock())


def subscriber(name: str) -> Subscriber:
    return Subscriber("demo1m", name, Status.ACTIVE, "v1", name.title(), 1700000000, 1700000000)


def tokens(devices: DevicesOf, name: str) -> list[str]:
    return [device.token for device in devices.devices.of("demo1m", name)]


def test_a_registered_device_is_the_subscribers_from_that_millisecond(devices: DevicesOf) -> None:
    device = devices.register("demo1m", "alice", "token", session_version="v1")
    assert devices.devices.of("demo1m", "alice") == [device]
    assert device.registered_at == 1700000001500


def test_a_bad_token_is_neither_registered_nor_removed(devices: DevicesOf) -> None:
    with pytest.raises(InvalidFieldError):
        devices.register("demo1m", "alice", "two words", session_version="v1")
    with pytest.raises(InvalidFieldError):
        devices.remove("demo1m", "alice", "two words")
    assert tokens(devices, "alice") == []


def test_a_phones_refreshed_token_takes_the_place_of_its_old_one(devices: DevicesOf) -> None:
    devices.register("demo1m", "dave", "old", device_id="phone-1", session_version="v1")
    devices.register("demo1m", "dave", "other", device_id="phone-2", session_version="v1")
    devices.register("demo1m", "dave", "new", device_id="phone-1", session_version="v1")
    assert tokens(devices, "dave") == ["other", "new"]


def test_beyond_the_limit_the_oldest_device_is_dropped(devices: DevicesOf) -> None:
    for number in range(MOST_DEVICES + 2):
        devices.register("demo1m", "alice", f"token-{number}", session_version="v1")
    assert tokens(devices, "alice") == [f"token-{number}" for number in range(2, MOST_DEVICES + 2)]


def test_removing_says_whether_there_was_such_a_device(devices: DevicesOf) -> None:
    devices.register("demo1m", "alice", "token", session_version="v1")
    assert devices.remove("demo1m", "alice", "token")
    assert not devices.remove("demo1m", "alice", "token")


def test_groups_are_what_the_operator_stored() -> None:
    groups = (ContactGroup("Friends", (Contact("Bob", "bob"),), is_special=True),)
    store = FakeSubscribers()
    store.put(replace(subscriber("alice"), contact_groups=groups))
    store.put(subscriber("bob"))
    contacts = ContactsOf(store, everyone=False)
    assert contacts.groups("demo1m", "alice") == groups
    assert contacts.groups("demo1m", "bob") == ()
    assert contacts.groups("demo1m", "nobody") == ()


def test_everyone_is_all_active_others_in_one_group() -> None:
    store = FakeSubscribers()
    for name in ("alice", "bob", "carol"):
        store.put(subscriber(name))
    store.put(replace(subscriber("dave"), status=Status.INACTIVE))
    (group,) = ContactsOf(store, everyone=True).groups("demo1m", "bob")
    assert group.contacts == (Contact("Alice", "alice"), Contact("Carol", "carol"))


@pytest.mark.parametrize("asking", ["s000", "s200", "zoe"])
def test_everyone_is_limited(asking: str) -> None:
    store = FakeSubscribers()
    for number in range(MOST_CONTACTS + 5):
        store.put(subscriber(f"s{number:03}"))
    (group,) = ContactsOf(store, everyone=True).groups("demo1m", asking)
    assert len(group.contacts) == MOST_CONTACTS
    assert asking not in {contact.number for contact in group.contacts}


def test_each_upload_has_a_place_that_tells_whose_it_is() -> None:
    made = LogDestinations(lambda: NOW, lambda: "c0ffee").make(FakeLogBucket(), "demo1m", "alice", Platform.IOS)
    assert made.file_name == "20231114T221320Z-c0ffee.zip"
    assert made.url == f"https://bucket.example/uploads/demo1m/alice/ios/{made.file_name}?expires=900"
