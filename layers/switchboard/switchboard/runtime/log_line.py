"""Limits the size of log lines, so that no request can fill the logs.

A line as written has at most LINE_BYTES, escapes included (a control character takes six bytes), or TRACE_LINE_BYTES
with a stack trace. A field has at most FIELD_CHARACTERS.
"""

import json
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Any

FIELD_CHARACTERS = 256
LINE_BYTES = 2048
TRACE_LINE_BYTES = 8192
TRACE = "exception"
# These fields stay in a line that is too long: they identify the request and its outcome.
KEPT = ("level", "location", "message", "timestamp", "service", "route", "request_id", "status", "code")
_KEPT_BYTES = 160  # of each field of KEPT, in a line that is too long
_ENCODER = json.JSONEncoder(default=str, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_SMALLER = (256, 96)  # bytes of each other field, tried one after the other

type Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def log_line(fields: Mapping[str, Any]) -> str:
    """Return the fields as one line of JSON within the limits; a value that is cut ends in `…`."""
    bounded = {name: _bounded(value) for name, value in fields.items() if name != TRACE}
    line = _dumped(bounded)
    if _size(line) > LINE_BYTES:
        line = _shortened(bounded)
    if TRACE not in fields:
        return line
    room = TRACE_LINE_BYTES - LINE_BYTES - len(f',"{TRACE}":')
    return f'{line[:-1]},"{TRACE}":{_dumped(_ends(str(fields[TRACE]), room))}}}'


def trace_of(fault: Fault) -> str:
    """Return a stack trace with at most FIELD_CHARACTERS of each frame and message, which may quote the request."""
    return "\n".join(cut(part.rstrip("\n")) for part in traceback.format_exception(*fault))


def cut(text: str, most: int = FIELD_CHARACTERS) -> str:
    """Return the text, or its first `most` characters, the last of which is `…`."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _bounded(value: object) -> object:
    """Return the value cut to FIELD_CHARACTERS: a list to its first members, another structure to part of its JSON."""
    if isinstance(value, str):
        return cut(value)
    if value is None or isinstance(value, bool) or (isinstance(value, int | float) and abs(value) < 2**63):
        return value  # infinity and NaN fail the comparison
    try:
        text = _dumped(value)
    except (ValueError, TypeError, RecursionError):  # a value that JSON cannot express
        return type(value).__name__
    if len(text) <= FIELD_CHARACTERS:
        return value
    return _first_of(value) if isinstance(value, list | tuple) else cut(text)


def _first_of(values: list[Any] | tuple[Any, ...]) -> list[Any]:
    kept: list[Any] = []
    for value in values:
        room = FIELD_CHARACTERS - len(_dumped(kept)) - len(',""')
        part = value if len(_dumped(value)) <= room else cut(value if isinstance(value, str) else _dumped(value), room)
        if room < 2 or len(_dumped([*kept, part])) > FIELD_CHARACTERS:
            break
        kept.append(part)
    return kept


def _shortened(fields: Mapping[str, object]) -> str:
    kept = {name: _within(fields[name], _KEPT_BYTES) for name in KEPT if name in fields}
    others = [name for name in fields if name not in kept]
    for most in _SMALLER:
        line = _dumped(kept | {name: _within(fields[name], most) for name in others})
        if _size(line) <= LINE_BYTES:
            return line
    return _dumped(kept | {"left_out": len(others)})


def _within(value: object, most: int) -> object:
    """Return the value, or the beginning of its text, in at most `most` bytes."""
    if _size(_dumped(value)) <= most:
        return value
    text = value if isinstance(value, str) else _dumped(value)
    while (size := _size(_dumped(text))) > most:
        text = cut(text, max(1, len(text) * most // size - 1))
    return text


def _ends(text: str, most: int) -> str:
    """Return the trace in at most `most` bytes, cut in the middle: the entry point and the failing line remain."""
    while (size := _size(_dumped(text))) > most:
        half = max(1, len(text) * most // size // 2 - 1)
        text = f"{text[:half]}…{text[-half:]}"
    return text


def _dumped(value: object) -> str:
    text = _ENCODER.encode(value)
    return text if text.isascii() else text.encode(errors="replace").decode()  # a lone surrogate has no UTF-8 form


def _size(line: str) -> int:
    return len(line) if line.isascii() else len(line.encode())
