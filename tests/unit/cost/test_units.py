"""DynamoDB's units, by the rules of its guide."""

from typing import Any

import pytest

from benchmarks.cost.measuring.units import Units, size

SMALL, LARGE = {"pk": {"S": "k"}}, {"pk": {"S": "k"}, "text": {"S": "x" * 2500}}
LISTED = {**SMALL, "party": {"S": "a"}, "started_at": {"N": "1"}}


def units(stored: Any = SMALL) -> Units:
    return Units({"Calls": [["party", "started_at"]]}, lambda table, key: stored)


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
        ("PutItem", {"TableName": "T", "Item": LARGE}, {}, (3, 0)),
        ("PutItem", {"TableName": "Calls", "Item": LISTED}, {}, (2, 0)),
        ("BatchWriteItem", {"RequestItems": {"T": [{"PutRequest": {"Item": SMALL}}] * 3}}, {}, (3, 0)),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "T", "Item": SMALL}}] * 2}, {}, (4, 0)),
    ],
)
def test_a_call_takes_the_units_of_the_guide(operation: str, asked: Any, answered: Any, wanted: Any) -> None:
    assert units().of(operation, asked, answered) in ({"T": wanted}, {"Calls": wanted})


def test_a_call_that_asks_several_tables_takes_units_of_each() -> None:
    puts = [{"Put": {"TableName": "T", "Item": LARGE}}, {"Put": {"TableName": "Calls", "Item": LISTED}}]
    assert units().of("TransactWriteItems", {"TransactItems": puts}, {}) == {"T": (6, 0), "Calls": (4, 0)}


def test_an_update_pays_for_the_whole_item_and_for_an_index_that_lists_it() -> None:
    update = {"TableName": "Calls", "Key": SMALL}
    assert units(LARGE).of("UpdateItem", update, {}) == {"Calls": (3, 0)}
    assert units(LISTED).of("UpdateItem", update, {}) == {"Calls": (2, 0)}
    assert units(LISTED).of("UpdateItem", update, {"Error": {}}) == {"Calls": (1, 0)}
