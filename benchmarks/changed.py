"""Numbers given on a command line, as `name=value`, in place of those that a dataclass has."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def changed[T: "DataclassInstance"](numbers: T, words: Iterable[str]) -> T:
    """Return the dataclass with those numbers. Raises ValueError for an unknown name and for what is no number."""
    given = dict(word.partition("=")[::2] for word in words)
    known = [field.name for field in fields(numbers)]
    if unknown := given.keys() - set(known):
        raise ValueError(f"no such name: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return replace(numbers, **{name: float(value) for name, value in given.items()})
