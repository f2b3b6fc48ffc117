"""Conditions for replacing a profile: the write fails if another request has changed the profile since it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from switchboard.subscribers.items import profile_item
from switchboard.subscribers.subscriber import Subscriber

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef

_OPTIONAL = ("password_hash", "contact_groups", "ended_sessions")


class Condition(TypedDict, total=False):
    """A condition for a write, as arguments of PutItem."""

    ConditionExpression: str
    ExpressionAttributeNames: dict[str, str]
    ExpressionAttributeValues: dict[str, UniversalAttributeValueTypeDef]


def absent() -> Condition:
    """Return the condition that the profile does not exist."""
    return {"ConditionExpression": "attribute_not_exists(pk)"}


def unchanged(seen: Subscriber) -> Condition:
    """Return the condition that all attributes still equal `seen`; `updated_at` alone has a resolution of a second."""
    item = profile_item(seen)
    same = [f"#{field} = :{field}" for field in item]
    lacking = [f"attribute_not_exists({field})" for field in _OPTIONAL if field not in item]
    return {
        "ConditionExpression": " AND ".join(same + lacking),
        "ExpressionAttributeNames": {f"#{field}": field for field in item},
        "ExpressionAttributeValues": {f":{field}": value for field, value in item.items()},
    }
