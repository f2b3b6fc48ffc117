"""Exotel's fields under one kind of name, whether they came as a form (`Legs[0][Status]`) or nested in JSON."""

import json
from collections.abc import Iterator, Mapping

MOST_FIELDS = 200
LONGEST_NAME = 60  # characters
MOST_TEXT = 200  # characters of a word
LONGEST_VALUE = 2000  # characters; recordings' addresses are long
_DEEPEST = 3  # Legs, their number, their fields


def flattened(fields: Mapping[str, object]) -> dict[str, str]:
    """Return all fields as text under a form's names; what is null is absent, what is too much is cut off.

    A form may hold a list as JSON text; it is opened like a nested one. Nested fields come last, so that however many
    they are they cut off none of the others.
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
    """Cut the text, and replace halves of characters, which JSON can hold but no store."""
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
