"""A change of one item of a table: writes that need no condition, or one that holds for the item as it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from switchboard.aws.attributes import item_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from switchboard.aws.attributes import Plain

    type AnyItem = Mapping[str, Any]  # as it was read, or as it is written


@dataclass(frozen=True, slots=True)
class Edit:
    """`writes` are BatchWriteItem's requests; `guarded` is an operation with its parameters, besides the table."""

    writes: Sequence[Any] = ()
    guarded: tuple[str, Mapping[str, Any]] | None = None


def key_of(item: AnyItem) -> dict[str, Any]:
    """Return an item's key, in a table with or without a sort key."""
    return {name: item[name] for name in ("pk", "sk") if name in item}


def deleted(item: AnyItem) -> Edit:
    """Delete the item, whatever it has become."""
    return Edit([{"DeleteRequest": {"Key": key_of(item)}}])


def moved(item: AnyItem, to: AnyItem) -> Edit:
    """Put an item, and delete the former one unless it has the same key."""
    put = {"PutRequest": {"Item": to}}
    return Edit([put] if key_of(item) == key_of(to) else [put, *deleted(item).writes])


def deleted_if(item: AnyItem, condition: str, values: Mapping[str, Plain]) -> Edit:
    """Delete the item if the condition holds."""
    return Edit(guarded=("delete_item", {"Key": key_of(item), **_if(condition, values)}))


def changed_if(item: AnyItem, changes: Mapping[str, Plain], condition: str, values: Mapping[str, Plain]) -> Edit:
    """Set attributes of the item if the condition holds; its `values` are named otherwise than `changes`."""
    update = f"SET {', '.join(f'#{name} = :{name}' for name in changes)}"
    whole = _if(condition, {**values, **{f":{name}": value for name, value in changes.items()}})
    names = {f"#{name}": name for name in changes}
    parameters = {"Key": key_of(item), "UpdateExpression": update, "ExpressionAttributeNames": names, **whole}
    return Edit(guarded=("update_item", parameters))


def without_if(item: AnyItem, attributes: Sequence[str], condition: str, values: Mapping[str, Plain]) -> Edit:
    """Remove attributes of the item if the condition holds."""
    update = f"REMOVE {', '.join(attributes)}"
    return Edit(guarded=("update_item", {"Key": key_of(item), "UpdateExpression": update, **_if(condition, values)}))


def _if(condition: str, values: Mapping[str, Plain]) -> Mapping[str, Any]:
    return {"ConditionExpression": condition, "ExpressionAttributeValues": item_of(values)}
