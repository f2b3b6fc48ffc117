"""Flattens Exotel's fields: from a form (`Legs[0][Status]`) and from nested JSON they get the same names."""

import json
from collections.abc import Iterator, Mapping

MOST_FIELDS = 200
LONGEST_NAME = 60  # characters
MOST_TEXT = 200  # characters of a short value
LONGEST_VALUE = 2000  # characters; URLs of recordings are long
_DEEPEST = 3  # levels: `Legs`, a leg's index, its fields


def flattened(fields: Mapping[str, object]) -> dict[str, str]:
    """Return all fields as text with a form's names, at most MOST_FIELDS; null values are left out, long ones are cut.

    A form may contain `Legs` as JSON text, which is parsed like nested JSON. Nested fields come last, so that many of
    them do not displace others.
    """
    flat: dict[str, str] = {}
    opened = {name: _opened(name, value) for name, value in fields.items()}
    for name in sorted(opened, key=lambda name: "[" in name or isinstance(opened[name], dict | list)):
        for path, text in _leaves(name, opened[name], _DEEPEST):
            if len(flat) >= MOST_FIELDS:
                return flat
            flat[_clean(path, LONGEST_NAME)] = _clean(text, LONGEST_VALUE)
    return flat


def _clean(text: str, longest: int) -> str:
    """Return the text, cut to `longest`, with lone surrogates replaced: JSON can contain them, DynamoDB cannot."""
    return text[:longest].encode("utf-8", "replace").decode()


def _opened(name: str, value: object) -> object:
    if name != "Legs" or not isinstance(value, str):
        return value
    try:
        return json.loads(value, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return value


def _leaves(path: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    match value:
        case None:
            return
        case Mapping() if depth:
            for name, inner in value.items():
                yield from _leaves(f"{path}[{name}]", inner, depth - 1)
        case list() if depth:
            for number, inner in enumerate(value):
                yield from _leaves(f"{path}[{number}]", inner, depth - 1)
        case bool():
            yield path, str(value).lower()
        case str() | int() | float():
            yield path, str(value)
