"""The multipart body in which the Android app wraps its zip (contract 4), taken off while the bytes pass by."""

import re
from collections.abc import Iterable, Iterator

from switchboard.logs.uploads import Fault, UnacceptableUploadError

LONGEST_HEAD = 4096  # bytes of the part's headers
LONGEST_BOUNDARY = 70  # RFC 2046, 5.1.1
LONGEST_END = 4096  # bytes after the closing delimiter, which may only be white space
_END_OF_HEAD = b"\r\n\r\n"


def unwrapped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the zip in `chunks`, which is there bare (iOS) or as the one part of a multipart body (Android).

    Holds one chunk and a delimiter's length at a time. Raises UnacceptableUploadError, also after it yielded.
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
    """Return `held` with more bytes, until there are `length` or no more come."""
    while len(held) < length and (more := next(incoming, None)) is not None:
        held += more
    return held


def _head(held: bytes, incoming: Iterator[bytes]) -> tuple[bytes, bytes]:
    """Return the delimiter that ends the part, and what has come of its content."""
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
    """Yield up to the delimiter. What only looks like one is passed over by the search, however often it comes."""
    closing = re.compile(re.escape(delimiter) + rb"(?=--|\r\n)")
    held, sent = b"\r\n" + held, 2  # the line break, so that the delimiter of an empty part is found too
    while (end := closing.search(held)) is None:
        cut = max(len(held) - len(delimiter) - 1, 0)  # what is left may be the beginning of one
        yield held[sent:cut]
        held, sent = held[cut:], max(sent - cut, 0)
        more = next(incoming, None)
        if more is None:
            raise UnacceptableUploadError(Fault.TRUNCATED)
        held += more
    yield held[sent : end.start()]
    _end(held[end.end() :], incoming)


def _end(after: bytes, incoming: Iterator[bytes]) -> None:
    """Go to the body's end. Raises UnacceptableUploadError for another part, or for more after the end."""
    if after.startswith(b"\r\n"):
        raise UnacceptableUploadError(Fault.STRANGE_ENVELOPE)
    after = _at_least(LONGEST_END, after[2:], incoming)
    if len(after) >= LONGEST_END or after.strip():
        raise UnacceptableUploadError(Fault.STRANGE_ENVELOPE)
