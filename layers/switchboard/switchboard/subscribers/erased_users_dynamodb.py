"""The names of deleted users, as keyed hashes in the Erasures table.

All of them lie in one partition, and a version in the item `state` changes with each, so that one small read shows
whether the hashes that an environment holds are still all.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from switchboard.aws.attributes import item_of
from switchboard.aws.partition import items_of
from switchboard.subscribers.erased import ErasedUser

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from switchboard.foundation.clock import Clock
    from switchboard.subscribers.ports import Generations

    type Item = Mapping[str, AttributeValueTypeDef]

NAMES, STATE = "names", "state"
_HASH_DIGITS = 32


def name_hash(key: str, account: str, name: str) -> str:
    """Return the keyed hash of a name, which cannot be found again without the key."""
    return hmac.digest(bytes.fromhex(key), f"{account}#{name}".encode(), hashlib.sha256).hex()[:_HASH_DIGITS]


class DynamoErasedUsers:
    """Implements ErasedUsers. `profiles` say who has a deleted user's name now; they are read only for such names.

    Without `strong`, at half the price, a user who was deleted within about a second may not be known yet.
    """

    def __init__(
        self, client: DynamoDBClient, table: str, profiles: Generations, clock: Clock, *, strong: bool = True
    ) -> None:
        self._client = client
        self._table = table
        self._profiles = profiles
        self._clock = clock
        self._strong = strong
        self._version, self._key = 0, ""
        self._known: Mapping[str, Item] = {}

    def renew(self) -> bool:
        """Read the version, and all hashes again if it has changed."""
        read = self._client.get_item(
            TableName=self._table, Key=item_of({"pk": STATE, "sk": STATE}), ConsistentRead=self._strong
        )
        state = read.get("Item")
        if state is None or int(state["version"]["N"]) == self._version:
            return False
        found = items_of(
            self._client,
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk",
                "ExpressionAttributeValues": item_of({":pk": NAMES}),
                "ConsistentRead": True,
            },
        )
        self._known = {item["sk"]["S"]: item for item in found}
        self._version, self._key = int(state["version"]["N"]), state["key"]["S"]
        return True

    def of(self, account: str, names: Iterable[str]) -> Sequence[ErasedUser]:
        """Hash the names and look; nothing is read while nobody was deleted."""
        if not self._known:
            return ()
        hashed = {name: self._known.get(name_hash(self._key, account, name)) for name in dict.fromkeys(names)}
        now = int(self._clock())
        found = {name: item for name, item in hashed.items() if item and int(item["expires_at"]["N"]) > now}
        if not found:
            return ()
        have_it = self._profiles.generations([(account, name) for name in found])
        return [
            ErasedUser.of(
                account,
                name,
                item["erasure"]["S"],
                keeps=item["keeps"]["BOOL"],
                generation=int(item["generation"]["N"]),
                now=have_it.get((account, name)),
            )
            for name, item in found.items()
        ]
