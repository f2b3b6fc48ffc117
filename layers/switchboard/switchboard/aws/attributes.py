"""DynamoDB's attribute values from plain Python values, and back; boto3's own serializer is not in the layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef, UniversalAttributeValueTypeDef

    type Item = Mapping[str, AttributeValueTypeDef]
    type NewItem = dict[str, UniversalAttributeValueTypeDef]

type Plain = str | int | float | bool | Sequence[Plain] | Mapping[str, Plain] | None


def item_of(values: Mapping[str, Plain]) -> NewItem:
    """Return the item with these attributes."""
    return {name: _attribute(value) for name, value in values.items()}


def values_in(item: Item) -> dict[str, Any]:
    """Return an item's attributes; a number is an int where it is whole, else a float."""
    return {name: _value(attribute) for name, attribute in item.items()}


def _attribute(value: Plain) -> Any:  # noqa: ANN401 - the type stubs have no recursive type for this
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": str(value)}
        case str():
            return {"S": str(value)}
        case Mapping():
            return {"M": item_of(value)}
        case _:
            return {"L": [_attribute(one) for one in value]}


def _value(attribute: Any) -> Any:  # noqa: ANN401 - as above
    [(kind, value)] = attribute.items()
    match kind:
        case "NULL":
            return None
        case "N":
            return int(value) if value.lstrip("-").isdecimal() else float(value)
        case "M":
            return values_in(value)
        case "L":
            return [_value(one) for one in value]
        case _:
            return value
