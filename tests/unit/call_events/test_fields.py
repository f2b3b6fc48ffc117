"""Exotel's fields, nested or not, with flat names."""

import json

from switchboard.call_events.fields import LONGEST_VALUE, MOST_FIELDS, flattened

LEGS = [{"OnCallDuration": "41", "Status": "completed"}, {"OnCallDuration": "32"}]
FLAT = {"Legs[0][OnCallDuration]": "41", "Legs[0][Status]": "completed", "Legs[1][OnCallDuration]": "32"}


def test_a_form_and_json_give_the_same_names() -> None:
    assert flattened({"Legs": LEGS}) == flattened(dict(FLAT)) == FLAT


def test_a_list_as_text_is_opened() -> None:
    assert flattened({"Legs": json.dumps(LEGS)}) == FLAT


def test_a_list_as_text_that_is_none_stays_text() -> None:
    assert flattened({"Legs": "[{", "Other": "[1]"}) == {"Legs": "[{", "Other": "[1]"}


def test_null_is_absent_and_true_is_a_word() -> None:
    assert flattened({"a": None, "b": True, "c": 1.5}) == {"b": "true", "c": "1.5"}


def test_what_lies_too_deep_is_left_out() -> None:
    assert flattened({"a": {"b": {"c": {"d": {"e": "1"}, "f": "2"}}}}) == {"a[b][c][f]": "2"}


def test_what_is_too_much_is_cut_off() -> None:
    told = flattened({f"field{number}": "x" * 9_999 for number in range(500)})

    assert len(told) == MOST_FIELDS
    assert all(len(value) == LONGEST_VALUE for value in told.values())


def test_a_lone_surrogate_is_replaced() -> None:
    assert flattened(json.loads('{"a": "x\\ud800"}')) == {"a": "x?"}


def test_many_nested_fields_cut_off_none_of_the_others() -> None:
    legs = [{"OnCallDuration": str(number), "Status": "no-answer"} for number in range(150)]
    form = {f"Legs[{number}][Status]": "no-answer" for number in range(250)}
    for many in ({"Legs": legs}, {"Legs": json.dumps(legs)}, form):
        told = flattened({**many, "CallSid": "1"})
        assert (told["CallSid"], len(told)) == ("1", MOST_FIELDS)
