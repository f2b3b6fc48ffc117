"""What pushes show about APNs tokens, and display names: the fakes, and DynamoDB in moto."""

from dataclasses import replace

import pytest

from switchboard.subscribers.display_names import DynamoDisplayNames
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.subscriber import Device, Environment, TokenType
from tests.contract.subscribers.stores import TABLE, Stores, dynamodb_client, dynamodb_stores, stores, subscriber

__all__ = ["dynamodb_stores", "stores"]  # fixtures

GUESSED = Device("ab" * 32, TokenType.APNS_VOIP, 5, guessed=True)
SHOWN = replace(GUESSED, token_type=TokenType.APNS, environment=Environment.SANDBOX, guessed=False)


@pytest.mark.parametrize("shown", [SHOWN, replace(SHOWN, environment=None), replace(GUESSED, guessed=False)])
def test_what_a_push_has_shown_is_kept(stores: Stores, shown: Device) -> None:
    stores.devices.register("demo1m", "alice", GUESSED)

    stores.devices.learned("demo1m", "alice", shown)

    assert stores.devices.of("demo1m", "alice") == [shown]


def test_a_token_that_was_registered_again_is_left_alone(stores: Stores) -> None:
    again = replace(GUESSED, registered_at=6)
    stores.devices.register("demo1m", "alice", again)

    stores.devices.learned("demo1m", "alice", SHOWN)

    assert stores.devices.of("demo1m", "alice") == [again]


def test_a_token_that_is_gone_stays_gone(stores: Stores) -> None:
    stores.devices.learned("demo1m", "alice", SHOWN)

    assert stores.devices.of("demo1m", "alice") == []


def test_a_display_name_is_the_profiles() -> None:
    with dynamodb_client() as client:
        names = DynamoDisplayNames(client, TABLE)
        assert names.display_name("demo1m", "alice") is None
        DynamoSubscribers(client, TABLE).put(subscriber())
        assert names.display_name("demo1m", "alice") == "Alice"
