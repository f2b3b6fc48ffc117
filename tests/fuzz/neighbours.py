"""What is next to something honest, all of it: chance finds the one byte that matters too seldom."""

from collections.abc import Iterator, Mapping
from typing import Any

# of each text form and of binary ones: what ends, opens, escapes or parts something
_SPECIAL = b'\0\r\n\t"\\{}[]:,-.=&%;+ \x7f\xff'
KINDS: tuple[Any, ...] = (None, True, 1e400, "", "\ud800", "\u00b2", "a" * 3000, [], {"a": {}})


def neighbours(content: bytes, special: bytes = _SPECIAL) -> Iterator[bytes]:
    """Yield all that differ from the content in one byte, lack one, or end early."""
    for at, byte in enumerate(content):
        before, after = content[:at], content[at + 1 :]
        yield before
        yield before + after
        for other in {byte ^ 1, byte ^ 0x80, *special} - {byte}:
            yield before + bytes([other]) + after


def one_wrong(example: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the example with each field in turn missing, and of each kind that it should not be, however deep."""
    for name, value in example.items():
        yield {other: kept for other, kept in example.items() if other != name}
        for wrong in (*KINDS, *_wrong_inside(value)):
            yield {**example, name: wrong}


def _wrong_inside(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from one_wrong(value)
    elif isinstance(value, list) and value:
        yield from ([wrong, *value[1:]] for wrong in (*KINDS, *_wrong_inside(value[0])))
