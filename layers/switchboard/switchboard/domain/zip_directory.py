"""A zip's own list of what it holds (PKWARE's APPNOTE 4.3), read in bounded memory and believed in nothing."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import SEEK_END
from typing import BinaryIO

from switchboard.domain.log_uploads import Fault, UnacceptableUploadError

MOST_ENTRIES = 1000
LARGEST_DIRECTORY = 1024 * 1024  # bytes: a thousand entries with names and extra fields of any honest length
STORED, DEFLATED = 0, 8
_NEWEST = 63  # the version of the format from which on nothing here is known
_ENCRYPTED = 0x2041  # bits 0, 6 and 13: encrypted, strongly so, the directory too
_PATCHED = 0x20
_UTF8 = 0x800
_UNICODE_PATH = 0x7075  # an extra field that gives the entry another name than the one which was checked
_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LONGEST_COMMENT = 0xFFFF


@dataclass(frozen=True, slots=True)
class Entry:
    """What the directory says of one entry. Sizes and `offset` (of its local header) are bytes."""

    name: str
    raw_name: bytes
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int  # Unix's file mode, 0 where none was given


def directory(file: BinaryIO) -> tuple[list[Entry], int]:
    """Return the entries and where the directory begins, before which their content must end.

    Raises UnacceptableUploadError.
    """
    length = file.seek(0, SEEK_END)
    if not length:
        raise UnacceptableUploadError(Fault.EMPTY)
    count, size, offset = _end(file, length)
    if count > MOST_ENTRIES or size > LARGEST_DIRECTORY:
        raise UnacceptableUploadError(Fault.TOO_MANY_ENTRIES)
    file.seek(offset)
    entries = list(_entries(file.read(size)))
    if len(entries) != count:
        raise UnacceptableUploadError(Fault.DAMAGED)
    return entries, offset


def _end(file: BinaryIO, length: int) -> tuple[int, int, int]:
    """Return the number of entries, and the directory's size and offset, from the record that ends the zip."""
    file.seek(max(length - _END.size - _LONGEST_COMMENT, 0))
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    while at >= 0 and at + _END.size <= len(tail):
        _, disk, first_disk, here, count, size, offset, comment = _END.unpack_from(tail, at)
        if at + _END.size + comment == len(tail):
            break
        at = tail.rfind(b"PK\5\6", 0, at)
    else:
        file.seek(0)
        raise UnacceptableUploadError(Fault.TRUNCATED if file.read(4) == b"PK\3\4" else Fault.NOT_A_ZIP)
    if count == 0xFFFF or 0xFFFFFFFF in (size, offset):
        raise UnacceptableUploadError(Fault.UNSUPPORTED)  # zip64
    if disk or first_disk or here != count or offset + size != length - (len(tail) - at):
        raise UnacceptableUploadError(Fault.DAMAGED)
    return count, size, offset


def _entries(listed: bytes) -> Iterator[Entry]:
    at = 0
    while at < len(listed):
        if len(listed) - at < _CENTRAL.size:
            raise UnacceptableUploadError(Fault.DAMAGED)
        fields = _CENTRAL.unpack_from(listed, at)
        signature, made, needed, flags, method, *_ = fields
        crc, packed, size, name_length, extra_length, comment_length, disk, _, attributes, offset = fields[7:]
        name_end = at + _CENTRAL.size + name_length
        extra_end = name_end + extra_length
        if signature != b"PK\1\2" or disk or extra_end + comment_length > len(listed):
            raise UnacceptableUploadError(Fault.DAMAGED)
        _known(needed, flags, method, (packed, size, offset))
        known_names(listed[name_end:extra_end])
        raw = listed[at + _CENTRAL.size : name_end]
        mode = attributes >> 16 if made >> 8 == 3 else 0
        yield Entry(_decoded(raw, flags), raw, method, crc, packed, size, offset, mode)
        at = extra_end + comment_length


def _known(needed: int, flags: int, method: int, figures: tuple[int, ...]) -> None:
    if flags & _ENCRYPTED:
        raise UnacceptableUploadError(Fault.ENCRYPTED)
    if needed > _NEWEST or flags & _PATCHED or method not in (STORED, DEFLATED) or 0xFFFFFFFF in figures:
        raise UnacceptableUploadError(Fault.UNSUPPORTED)


def known_names(extra: bytes) -> None:
    """Look through an entry's extra fields. Raises UnacceptableUploadError for one that renames the entry."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_PATH:
            raise UnacceptableUploadError(Fault.UNSAFE_NAME)
        if length + 4 > len(extra):
            raise UnacceptableUploadError(Fault.DAMAGED)
        extra = extra[4 + length :]


def _decoded(raw: bytes, flags: int) -> str:
    try:
        return raw.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError:
        raise UnacceptableUploadError(Fault.UNSAFE_NAME) from None
