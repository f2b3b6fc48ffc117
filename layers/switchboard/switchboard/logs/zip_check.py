"""Whether a zip opens, and is safe to open: every entry is inflated once, a window at a time, and thrown away."""

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
MOST_CPU_SECONDS = 4.0  # of inflating; half a gigabyte of log takes two to three
LONGEST_LOCAL_EXTRA = 256  # bytes of the extra fields before an entry's content; honest ones have some 30
WINDOW = 64 * 1024
_LOCAL = struct.Struct("<4s5H3L2H")


def checked(file: BinaryIO, cpu: Callable[[], float] = time.process_time) -> list[Listed]:
    """Return a zip's entries, of which zips inside the zip are not opened. Raises UnacceptableUploadError.

    `cpu` tells the seconds of CPU that were used so far.
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
    """Return the entries and where the directory begins, before which their content must end."""
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
    """Return where each entry's content begins. The first one that reaches into the next, or the directory, ends it."""
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
    """Return where the entry's content begins, after its local header, which must say the same as the directory."""
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
    """Expand the entry and forget it, no further than it says that it goes, and not after it is `late`."""
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
    """Yield what a deflated stream expands to, at most WINDOW bytes at a time, often nothing, whatever it is."""
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
