"""The devices and addresses from which a subscriber has logged in: one item beside the profile, deleted with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from switchboard.subscribers.items import FAMILIAR
from switchboard.subscribers.status_dynamodb import item_key

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class DynamoFamiliarOrigins:
    """Implements FamiliarOrigins on the Subscribers table: each origin is an attribute with its expiry.

    Attributes, not a map: two concurrent logins can each add one without a read.
    """

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def of(self, account: str, name: str) -> Mapping[str, int]:
        """Return the stored origins with their expiry, eventually consistent."""
        item = self._client.get_item(TableName=self._table, Key=item_key(account, name, FAMILIAR)).get("Item", {})
        return {key: int(value["N"]) for key, value in item.items() if "#" in key}

    def remember(
        self, account: str, name: str, fresh: Sequence[str], forgotten: Sequence[str], expires_at: int
    ) -> None:
        """Add `fresh` and remove `forgotten`; DynamoDB deletes the item when the newest origin expires."""
        names = {f"#{number}": key for number, key in enumerate([*fresh, *forgotten])}
        places = list(names)
        kept = [f"{place} = :expires_at" for place in ("expires_at", *places[: len(fresh)])]
        update = f"SET {', '.join(kept)}"
        if forgotten:
            update += f" REMOVE {', '.join(places[len(fresh) :])}"
        self._client.update_item(
            TableName=self._table,
            Key=item_key(account, name, FAMILIAR),
            UpdateExpression=update,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={":expires_at": {"N": str(expires_at)}},
        )
