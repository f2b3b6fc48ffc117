"""Checks the record at the end of a zip (PKWARE's APPNOTE 4.3.16) before the directory is read."""

import struct
from io import SEEK_END
from typing import Any, BinaryIO

from switchboard.logs.uploads import Fault, UnacceptableUploadError

MOST_ENTRIES = 1000
LARGEST_DIRECTORY = 192 * 1024  # bytes; the directory of a thousand log files has about 110 KB
_END = struct.Struct("<4s4H2LH")
_SIGNATURE, _ZIP64_LOCATOR = b"PK\5\6", b"PK\6\7"
_LOCATOR_SIZE = 20
_LONGEST_COMMENT = 0xFFFF


def directory_of(file: BinaryIO) -> tuple[int, int]:
    """Return the number of the directory's entries and its offset in bytes; it ends where the record begins.

    Raises UnacceptableUploadError. Reads at most 64 KB.
    """
    length = file.seek(0, SEEK_END)
    if not length:
        raise UnacceptableUploadError(Fault.EMPTY)
    at, record = _record(file, length)
    _, disk, first_disk, here, count, size, offset, _ = record
    if count == 0xFFFF or 0xFFFFFFFF in (size, offset) or _has_zip64(file, at):
        raise UnacceptableUploadError(Fault.UNSUPPORTED)
    if disk or first_disk or here != count or offset + size != at:
        raise UnacceptableUploadError(Fault.DAMAGED)
    if count > MOST_ENTRIES or size > LARGEST_DIRECTORY:
        raise UnacceptableUploadError(Fault.TOO_MANY_ENTRIES)
    return count, offset


def _record(file: BinaryIO, length: int) -> tuple[int, tuple[Any, ...]]:
    """Return the offset of the last record, and its fields; nothing may follow its comment.

    zipfile also uses the last record, but does not check where its comment ends.
    """
    start = max(length - _END.size - _LONGEST_COMMENT, 0)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_SIGNATURE)
    if at >= 0 and at + _END.size <= len(tail):
        record = _END.unpack_from(tail, at)
        if at + _END.size + record[-1] == len(tail):
            return start + at, record
    file.seek(0)
    raise UnacceptableUploadError(Fault.TRUNCATED if file.read(4) == b"PK\3\4" else Fault.NOT_A_ZIP)


def _has_zip64(file: BinaryIO, at: int) -> bool:
    """Return whether a zip64 locator precedes the record: zipfile would then use the unchecked zip64 record.

    zip64 is for more than 65,535 entries or 4 GB, which no upload may have.
    """
    file.seek(max(at - _LOCATOR_SIZE, 0))
    return file.read(len(_ZIP64_LOCATOR)) == _ZIP64_LOCATOR
