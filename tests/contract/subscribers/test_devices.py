"""What every implementation of ports.subscribers.Devices does: the fake, and DynamoDB in moto."""

from dataclasses import replace

import pytest

from switchboard.subscribers.callee import Callee
from switchboard.subscribers.subscriber import Contact, ContactGroup, Device, Environment, Platform, Status, TokenType
from tests.contract.subscribers.stores import PHONE, Stores, dynamodb_stores, stores, subscriber

__all__ = ["dynamodb_stores", "stores"]  # fixtures


def test_a_deleted_subscribers_token_can_be_registered_by_another(stores: Stores) -> None:
    stores.devices.register("demo1m", "alice", PHONE)
    stores.subscribers.delete("demo1m", "alice", 0)
    stores.devices.register("demo1m", "bob", PHONE)
    assert stores.devices.of("demo1m", "bob") == [PHONE]


@pytest.mark.parametrize(
    "device",
    [
        PHONE,
        Device("ab" * 32, TokenType.APNS_VOIP, 5, platform=Platform.IOS, device_id="1A2B"),
        replace(PHONE, disabled_reason="SENDER_ID_MISMATCH"),
        Device("ab" * 32, TokenType.APNS, 5, environment=Environment.SANDBOX, bundle_id="com.example.app"),
        Device("ab" * 32, TokenType.APNS_VOIP, 5, guessed=True),
        Device("a-fid", TokenType.FID, 5),
        replace(PHONE, knows=frozenset({"cancel"})),
        replace(PHONE, session_version="v1", phone="a-phones-hash", accepted_at=1700000000456),
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
    stores.devices.register("demo1m", "alice", replace(PHONE, disabled_reason="SENDER_ID_MISMATCH"))
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


def test_a_disabled_device_is_kept_with_the_reason(stores: Stores) -> None:
    stores.devices.register("demo1m", "alice", PHONE)
    stores.devices.disable("demo1m", "alice", PHONE.key, "mismatch", registered_at=PHONE.registered_at)
    assert stores.devices.of("demo1m", "alice") == [replace(PHONE, disabled_reason="mismatch")]


def test_a_device_registered_anew_is_not_disabled(stores: Stores) -> None:
    stores.devices.register("demo1m", "alice", PHONE)
    stores.devices.disable("demo1m", "alice", PHONE.key, "mismatch", registered_at=PHONE.registered_at - 1)
    stores.devices.disable("demo1m", "bob", PHONE.key, "mismatch", registered_at=PHONE.registered_at)
    assert stores.devices.of("demo1m", "alice") == [PHONE]
    assert stores.devices.of("demo1m", "bob") == []


def test_a_callee_is_found_with_status_and_devices(stores: Stores) -> None:
    stores.subscribers.put(subscriber())
    stores.devices.register("demo1m", "alice", PHONE)
    assert stores.devices.callee("demo1m", "alice") == Callee(Status.ACTIVE, "v1", [PHONE])


def test_a_callee_without_a_profile_has_no_status(stores: Stores) -> None:
    stores.devices.register("demo1m", "nobody", PHONE)
    assert stores.devices.callee("demo1m", "nobody") == Callee(None, "", [PHONE])
    assert stores.devices.callee("demo1m", "alice") == Callee(None, "", [])


def test_ended_sessions_and_contacts_are_no_part_of_a_callee(stores: Stores) -> None:
    groups = (ContactGroup("Friends", (Contact("Bob", "bob"),)),)
    stores.subscribers.put(replace(subscriber(), contact_groups=groups, ended_sessions=(("session-1", 5000),)))
    stores.devices.register("demo1m", "alice", PHONE)
    assert stores.devices.callee("demo1m", "alice") == Callee(Status.ACTIVE, "v1", [PHONE])


NOTED = 1700000100000
DAY = 86_400_000


def test_an_accepted_push_is_noted_once_for_the_time_named(stores: Stores) -> None:
    stores.devices.register("demo1m", "alice", PHONE)
    for at in (NOTED, NOTED + 1, NOTED + DAY):
        stores.devices.accepted("demo1m", "alice", PHONE, at, before=at - DAY)
        expected = NOTED + DAY if at == NOTED + DAY else NOTED
        assert stores.devices.of("demo1m", "alice") == [replace(PHONE, accepted_at=expected)]


def test_an_accepted_push_is_not_noted_of_another_registration(stores: Stores) -> None:
    renewed = replace(PHONE, registered_at=PHONE.registered_at + 1)
    stores.devices.register("demo1m", "alice", renewed)
    stores.devices.accepted("demo1m", "alice", PHONE, NOTED, before=0)
    stores.devices.accepted("demo1m", "bob", PHONE, NOTED, before=0)
    assert stores.devices.of("demo1m", "alice") == [renewed]
    assert stores.devices.of("demo1m", "bob") == []
