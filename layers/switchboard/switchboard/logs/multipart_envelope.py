"""Removes the multipart body in which the Android app sends its zip (contract 4), while streaming."""

import re
from collections.abc import Iterable, Iterator

from switchboard.logs.uploads import Fault, UnacceptableUploadError

LONGEST_HEAD = 4096  # bytes of the part's headers
LONGEST_BOUNDARY = 70  # RFC 2046, 5.1.1
LONGEST_END = 4096  # bytes after the closing delimiter; only white space is allowed
_END_OF_HEAD = b"\r\n\r\n"


def unwrapped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the zip in `chunks`: either the whole body (iOS) or the only part of a multipart body (Android).

    Keeps one chunk and the length of a delimiter in memory. Raises UnacceptableUploadError, also after some chunks.
    """
    incoming = iter(chunks)
    start = _at_least(2, b"", incoming)
    if not start.startswith(b"--"):
        yield start
        yield from incoming
        return
    delimiter, rest = _head(start, incoming)
    yield from _content(delimiter, rest, incoming)


def _at_least(length: int, held: bytes, incoming: Iterator[bytes]) -> bytes:
    """Return `held`, extended to at least `length` bytes, or to the end of the input."""
    while len(held) < length and (more := next(incoming, None)) is not None:
        held += more
    return held


def _head(held: bytes, incoming: Iterator[bytes]) -> tuple[bytes, bytes]:
    """Return the delimiter at the end of the part, and the beginning of its content."""
    while (line := held.find(b"\r\n")) < 0 or (end := held.find(_END_OF_HEAD, line)) < 0:
        if len(held) > LONGEST_HEAD:
            raise UnacceptableUploadError(Fault.NOT_A_ZIP)
        more = next(incoming, None)
        if more is None:
            raise UnacceptableUploadError(Fault.TRUNCATED)
        held += more
    first = held[:line]
    if end > LONGEST_HEAD or not 2 < len(first) <= LONGEST_BOUNDARY + 2:
        raise UnacceptableUploadError(Fault.NOT_A_ZIP)
    return b"\r\n" + first, held[end + len(_END_OF_HEAD) :]


def _content(delimiter: bytes, held: bytes, incoming: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the content up to the delimiter. Similar bytes inside the content are not taken for it."""
    closing = re.compile(re.escape(delimiter) + rb"(?=--|\r\n)")
    held, sent = b"\r\n" + held, 2  # a line break first, so that the delimiter after an empty part matches
    while (end := closing.search(held)) is None:
        cut = max(len(held) - len(delimiter) - 1, 0)  # the rest may be the beginning of the delimiter
        yield held[sent:cut]
        held, sent = held[cut:], max(sent - cut, 0)
        more = next(incoming, None)
        if more is None:
            raise UnacceptableUploadError(Fault.TRUNCATED)
        held += more
    yield held[sent : end.start()]
    _end(held[end.end() :], incoming)


def _end(after: bytes, incoming: Iterator[bytes]) -> None:
    """Read to the end of the body. Raises UnacceptableUploadError for a second part or for content after the end."""
    if after.startswith(b"\r\n"):
        raise UnacceptableUploadError(Fault.STRANGE_ENVELOPE)
    after = _at_least(LONGEST_END, after[2:], incoming)
    if len(after) >= LONGEST_END or after.strip():
        raise UnacceptableUploadError(Fault.STRANGE_ENVELOPE)
