"""DynamoDB's attribute values: what is written is read again, and as botocore understands it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.aws.attributes import item_of, values_in

PLAIN = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers(-(10**30), 10**30) | st.floats(-1e15, 1e15),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1), PLAIN, max_size=5))
def test_what_is_written_is_read_again(values: dict[str, Any]) -> None:
    item: Any = item_of(values)
    assert values_in(item) == values


@pytest.mark.parametrize(
    ("value", "attribute"),
    [
        (None, {"NULL": True}),
        (True, {"BOOL": True}),
        (7, {"N": "7"}),
        (0.5, {"N": "0.5"}),
        ("", {"S": ""}),
        (["a", 1], {"L": [{"S": "a"}, {"N": "1"}]}),
        ({"a": None}, {"M": {"a": {"NULL": True}}}),
    ],
)
def test_each_kind_has_its_attribute(value: Any, attribute: dict[str, Any]) -> None:
    assert item_of({"x": value}) == {"x": attribute}


def test_a_whole_number_is_an_int_as_dynamodb_writes_it() -> None:
    assert values_in({"x": {"N": "4"}, "y": {"N": "-4"}, "z": {"N": "4.5"}, "b": {"BOOL": False}}) == {
        "x": 4,
        "y": -4,
        "z": 4.5,
        "b": False,
    }
