"""All variants of a valid input with one change: random inputs miss the one byte that matters."""

from collections.abc import Iterator, Mapping
from typing import Any

# bytes that end, open, escape or separate something, in text and binary forms
_SPECIAL = b'\0\r\n\t"\\{}[]:,-.=&%;+ \x7f\xff'
KINDS: tuple[Any, ...] = (None, True, 1e400, "", "\ud800", "\u00b2", "a" * 3000, [], {"a": {}})


def neighbours(content: bytes, special: bytes = _SPECIAL) -> Iterator[bytes]:
    """Yield all variants of the content with one byte changed, one byte missing, or cut off."""
    for at, byte in enumerate(content):
        before, after = content[:at], content[at + 1 :]
        yield before
        yield before + after
        for other in {byte ^ 1, byte ^ 0x80, *special} - {byte}:
            yield before + bytes([other]) + after


def one_wrong(example: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the example with each field, however deep, missing or of each wrong type."""
    for name, value in example.items():
        yield {other: kept for other, kept in example.items() if other != name}
        for wrong in (*KINDS, *_wrong_inside(value)):
            yield {**example, name: wrong}


def _wrong_inside(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from one_wrong(value)
    elif isinstance(value, list) and value:
        yield from ([wrong, *value[1:]] for wrong in (*KINDS, *_wrong_inside(value[0])))
