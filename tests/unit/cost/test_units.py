"""DynamoDB's units, by the rules of its guide."""

from typing import Any

import pytest

from benchmarks.cost.measuring.units import Index, Table, Units, size

SMALL, LARGE = {"pk": {"S": "k"}}, {"pk": {"S": "k"}, "text": {"S": "x" * 2500}}
LISTED: dict[str, Any] = {**SMALL, "party": {"S": "a"}, "started_at": {"N": "1"}}
LATER = {**LISTED, "started_at": {"N": "2"}}
TABLES = {"T": Table(["pk"]), "Calls": Table(["pk"], [Index(["party", "started_at"], ["pk", "party", "started_at"])])}
KEY = {"Key": SMALL}


def units(operation: str, asked: Any, answered: Any, was: Any = {}, then: Any = {}) -> Any:  # noqa: B006 - not changed
    """Return the units of a call that found the item as it was and left it as it is then."""
    stored = [was]
    meter = Units(TABLES, lambda table, key: stored[0])
    before = meter.seen(operation, asked)
    stored[0] = then
    return meter.of(operation, asked, answered, before)


def test_an_items_size_is_its_names_and_values() -> None:
    assert size({"pk": {"S": "é"}, "n": {"N": "1234"}, "s": {"SS": ["ab", "c"]}, "b": {"BOOL": True}}) == 4 + 4 + 4 + 2


@pytest.mark.parametrize(
    ("operation", "asked", "answered", "wanted"),
    [
        ("GetItem", {"TableName": "T", "ConsistentRead": True}, {"Item": SMALL}, (0, 1)),
        ("GetItem", {"TableName": "T"}, {"Item": SMALL}, (0, 0.5)),
        ("GetItem", {"TableName": "T"}, {}, (0, 0.5)),
        ("Query", {"TableName": "T", "ConsistentRead": True}, {"Items": [LARGE, LARGE]}, (0, 2)),
        ("BatchGetItem", {"RequestItems": {"T": {"Keys": [1, 2], "ConsistentRead": True}}}, {}, (0, 2)),
    ],
)
def test_a_read_takes_the_units_of_the_guide(operation: str, asked: Any, answered: Any, wanted: Any) -> None:
    assert units(operation, asked, answered) == {"T": wanted}


@pytest.mark.parametrize(
    ("operation", "asked", "was", "then", "wanted"),
    [
        ("PutItem", {"Item": LARGE}, {}, LARGE, 3),
        ("PutItem", {"Item": SMALL}, LARGE, SMALL, 3),
        ("UpdateItem", KEY, LARGE, LARGE, 3),
        ("UpdateItem", KEY, {}, {}, 1),  # its condition failed
        ("DeleteItem", KEY, LARGE, {}, 3),
        ("DeleteItem", KEY, {}, {}, 1),
    ],
)
def test_a_write_takes_the_units_of_the_larger_item(
    operation: str, asked: Any, was: Any, then: Any, wanted: Any
) -> None:
    assert units(operation, {"TableName": "T", **asked}, {}, was, then) == {"T": (wanted, 0)}


@pytest.mark.parametrize(
    ("operation", "asked", "was", "then", "wanted"),
    [
        ("PutItem", {"Item": LISTED}, {}, LISTED, 1 + 1),
        ("UpdateItem", KEY, LISTED, {**LISTED, "more": {"S": "x"}}, 1 + 0),
        ("UpdateItem", KEY, LISTED, LATER, 1 + 2),
        ("UpdateItem", KEY, LISTED, SMALL, 1 + 1),
        ("DeleteItem", KEY, LISTED, {}, 1 + 1),
        ("DeleteItem", KEY, SMALL, {}, 1 + 0),
    ],
)
def test_an_index_takes_units_where_its_entry_changes(
    operation: str, asked: Any, was: Any, then: Any, wanted: Any
) -> None:
    assert units(operation, {"TableName": "Calls", **asked}, {}, was, then) == {"Calls": (wanted, 0)}


def test_a_batch_takes_the_units_of_its_parts_and_a_transaction_twice_as_many() -> None:
    batch = {"RequestItems": {"T": [{"PutRequest": {"Item": LARGE}}, {"DeleteRequest": KEY}]}}
    assert units("BatchWriteItem", batch, {}, {}, LARGE) == {"T": (6, 0)}
    parts = [{"Put": {"TableName": "T", "Item": LARGE}}, {"Delete": {"TableName": "Calls", **KEY}}]
    assert units("TransactWriteItems", {"TransactItems": parts}, {}, LISTED, {}) == {"T": (2, 0), "Calls": (4, 0)}
