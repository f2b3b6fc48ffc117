"""Whether a zip opens, and is safe to open: every entry is inflated once, a window at a time, and thrown away."""

import re
import stat
import struct
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO

from switchboard.domain.log_uploads import Fault, Listed, UnacceptableUploadError, shown
from switchboard.domain.zip_directory import DEFLATED, Entry, directory, known_names

MOST_EXPANDED = 1024 * 1024 * 1024  # bytes of all entries together: more than anybody reads, and seconds of inflating
WINDOW = 64 * 1024
_LOCAL = struct.Struct("<4s5H3L2H")
_DRIVE = re.compile(r"[A-Za-z]:")


def checked(file: BinaryIO) -> list[Listed]:
    """Return a zip's entries, of which zips inside the zip are not opened. Raises UnacceptableUploadError."""
    entries, end = directory(file)
    for entry in entries:
        _safe(entry)
    if sum(entry.size for entry in entries) > MOST_EXPANDED:
        raise UnacceptableUploadError(Fault.EXPANDS_TOO_FAR)
    begins = {entry.offset: _begin(file, entry) for entry in entries}
    ends = [(entry.offset, begins[entry.offset] + entry.packed) for entry in entries]
    in_order = [*sorted(ends), (end, end)]
    if any(ends_at > begins_at for (_, ends_at), (begins_at, _) in pairwise(in_order)):
        raise UnacceptableUploadError(Fault.OVERLAPPING_ENTRIES)
    for entry in entries:
        _sound(file, begins[entry.offset], entry)
    return [Listed(shown(entry.name), entry.size) for entry in entries]


def _safe(entry: Entry) -> None:
    name = entry.name
    outside = name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/")
    if not name or "\0" in name or "\\" in name or outside:
        raise UnacceptableUploadError(Fault.UNSAFE_NAME)
    if stat.S_IFMT(entry.mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UnacceptableUploadError(Fault.LINK)


def _begin(file: BinaryIO, entry: Entry) -> int:
    """Return where the entry's content begins, after its local header, which must say the same as the directory."""
    file.seek(entry.offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or header[:4] != b"PK\3\4":
        raise UnacceptableUploadError(Fault.DAMAGED)
    _, _, _, method, *_, name_length, extra_length = _LOCAL.unpack(header)
    if method != entry.method or file.read(name_length) != entry.raw_name:
        raise UnacceptableUploadError(Fault.DAMAGED)
    known_names(file.read(extra_length))
    return file.tell()


def _sound(file: BinaryIO, begin: int, entry: Entry) -> None:
    """Expand the entry and forget it, no further than it says that it goes."""
    file.seek(begin)
    crc = size = 0
    packed = _pieces(file, entry.packed)
    for piece in _inflated(packed) if entry.method == DEFLATED else packed:
        size += len(piece)
        crc = zlib.crc32(piece, crc)
        if size > entry.size:
            raise UnacceptableUploadError(Fault.EXPANDS_TOO_FAR)
    if (size, crc) != (entry.size, entry.crc):
        raise UnacceptableUploadError(Fault.DAMAGED)


def _pieces(file: BinaryIO, length: int) -> Iterator[bytes]:
    while length:
        piece = file.read(min(WINDOW, length))
        length -= len(piece)
        yield piece


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what a deflated stream expands to, at most WINDOW bytes at a time, whatever it is."""
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
