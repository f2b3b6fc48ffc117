"""Checks that a zip is valid and safe to open: each entry is inflated once, in small parts that are discarded."""

import struct
import time
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from switchboard.logs.uploads import Fault, Listed, UnacceptableUploadError, shown
from switchboard.logs.zip_end import directory_of
from switchboard.logs.zip_entry import check_entry, check_extra_fields, encoded_name

MOST_EXPANDED = 512 * 1024 * 1024  # bytes of all entries together
MOST_CPU_SECONDS = 4.0  # for inflating; half a gigabyte of logs takes two to three
LONGEST_LOCAL_EXTRA = 256  # bytes of the extra fields before an entry's content; usual ones have about 30
WINDOW = 64 * 1024
_LOCAL = struct.Struct("<4s5H3L2H")


def checked(file: BinaryIO, cpu: Callable[[], float] = time.process_time) -> list[Listed]:
    """Return a zip's entries; a zip inside the zip is not opened. Raises UnacceptableUploadError.

    `cpu` returns the CPU seconds used so far.
    """
    entries, end = _directory(file)
    for entry in entries:
        check_entry(entry)
    if sum(entry.file_size for entry in entries) > MOST_EXPANDED:
        raise UnacceptableUploadError(Fault.EXPANDS_TOO_FAR)
    in_order = sorted(entries, key=lambda entry: entry.header_offset)
    begins = _begins(file, in_order, end)
    until = cpu() + MOST_CPU_SECONDS
    for begin, entry in zip(begins, in_order, strict=True):
        _check_content(file, begin, entry, lambda: cpu() > until)
    return [Listed(shown(entry.filename), entry.file_size) for entry in entries]


def _directory(file: BinaryIO) -> tuple[list[ZipInfo], int]:
    """Return the entries and the offset of the directory, before which their content must end."""
    count, begin = directory_of(file)
    try:
        with warnings.catch_warnings(action="error", category=UserWarning), ZipFile(file) as archive:
            entries = archive.infolist()
    except (UnicodeDecodeError, UserWarning):
        raise UnacceptableUploadError(Fault.UNSAFE_NAME) from None
    except NotImplementedError:  # it needs a newer version of the format
        raise UnacceptableUploadError(Fault.UNSUPPORTED) from None
    except BadZipFile:
        raise UnacceptableUploadError(Fault.DAMAGED) from None
    if len(entries) != count:
        raise UnacceptableUploadError(Fault.DAMAGED)
    return entries, begin


def _begins(file: BinaryIO, in_order: Sequence[ZipInfo], end: int) -> list[int]:
    """Return the offset of each entry's content. Raises for an entry that overlaps the next one or the directory."""
    begins = []
    limits = [*(entry.header_offset for entry in in_order), end][1:]
    for entry, limit in zip(in_order, limits, strict=True):
        if entry.header_offset > end:
            raise UnacceptableUploadError(Fault.DAMAGED)
        begins.append(_begin(file, entry))
        if begins[-1] + entry.compress_size > limit:
            raise UnacceptableUploadError(Fault.OVERLAPPING_ENTRIES)
    return begins


def _begin(file: BinaryIO, entry: ZipInfo) -> int:
    """Return the offset of the entry's content, after its local header, which must agree with the directory."""
    file.seek(entry.header_offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or header[:4] != b"PK\3\4":
        raise UnacceptableUploadError(Fault.DAMAGED)
    name = encoded_name(entry)
    _, _, _, method, *_, name_length, extra_length = _LOCAL.unpack(header)
    if method != entry.compress_type or name_length != len(name) or file.read(name_length) != name:
        raise UnacceptableUploadError(Fault.DAMAGED)
    if extra_length > LONGEST_LOCAL_EXTRA:
        raise UnacceptableUploadError(Fault.UNSUPPORTED)
    check_extra_fields(file.read(extra_length))
    return file.tell()


def _check_content(file: BinaryIO, begin: int, entry: ZipInfo, late: Callable[[], bool]) -> None:
    """Inflate the entry and discard it; stop when it exceeds its stated size, or when `late` returns True."""
    file.seek(begin)
    crc = size = 0
    packed = _pieces(file, entry.compress_size)
    for piece in _inflated(packed) if entry.compress_type == ZIP_DEFLATED else packed:
        size += len(piece)
        crc = zlib.crc32(piece, crc)
        if size > entry.file_size:
            raise UnacceptableUploadError(Fault.EXPANDS_TOO_FAR)
        if late():
            raise UnacceptableUploadError(Fault.TAKES_TOO_LONG)
    if (size, crc) != (entry.file_size, entry.CRC):
        raise UnacceptableUploadError(Fault.DAMAGED)


def _pieces(file: BinaryIO, length: int) -> Iterator[bytes]:
    while length:
        piece = file.read(min(WINDOW, length))
        length -= len(piece)
        yield piece


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the inflated stream, at most WINDOW bytes at a time; a part may be empty."""
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    while not inflating.eof:
        piece = inflating.unconsumed_tail or next(packed, b"")
        try:
            expanded = inflating.decompress(piece, WINDOW)
        except zlib.error:
            raise UnacceptableUploadError(Fault.DAMAGED) from None
        if not (expanded or piece):
            raise UnacceptableUploadError(Fault.DAMAGED)  # the content ends before the stream does
        yield expanded
    if inflating.unused_data or next(packed, b""):
        raise UnacceptableUploadError(Fault.DAMAGED)
