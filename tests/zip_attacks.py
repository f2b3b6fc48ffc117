"""Zips that are far more expensive to read than to send, built as published."""

import struct
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from typing import NamedTuple

from tests.zips import by_hand, zipped

MEGABYTE = 1024 * 1024
FIELDS = struct.pack("<HH", 2, 0) * 16_000  # 64 KB of extra fields, each of them empty


class Entry(NamedTuple):
    """The fields of both the local header and the directory; `packed` is the declared size in bytes."""

    name: bytes
    packed: int = 0
    size: int = 0
    crc: int = 0
    method: int = 0

    def local(self, extra: bytes = b"") -> bytes:
        figures = (self.crc, self.packed, self.size, len(self.name), len(extra))
        return struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, self.method, 0, 33, *figures) + self.name + extra

    def central(self, offset: int = 0, extra: bytes = b"", comment: bytes = b"") -> bytes:
        figures = (self.crc, self.packed, self.size, len(self.name), len(extra), len(comment))
        head = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, self.method, 0, 33, *figures, 0, 0, 0, offset)
        return head + self.name + extra + comment


def ended(content: bytes, directory: bytes, entries: int, before: bytes = b"", comment: bytes = b"") -> bytes:
    figures = (0, 0, entries, entries, len(directory), len(content), len(comment))
    return content + directory + before + struct.pack("<4s4H2LH", b"PK\5\6", *figures) + comment


def side_by_side(entries: Iterable[Entry], packed: bytes = b"", local_extra: bytes = b"", extra: bytes = b"") -> bytes:
    """A zip of the entries, all of one content."""
    content, directory, number = bytearray(), bytearray(), 0
    for number, entry in enumerate(entries, 1):  # noqa: B007 the last is their count
        directory += entry.central(len(content), extra)
        content += entry.local(local_extra) + packed
    return ended(bytes(content), bytes(directory), number)


def zeros(megabytes: int) -> tuple[bytes, Entry]:
    """So many, deflated, and an entry for them."""
    deflate, content = zlib.compressobj(9, zlib.DEFLATED, -15), b"\0" * megabytes * MEGABYTE
    packed = deflate.compress(content) + deflate.flush()
    return packed, Entry(b"zeros", len(packed), len(content), zlib.crc32(content), 8)


def one_header_for_all() -> bytes:
    """112 KB: a thousand entries on one local header with 64 KB of extra fields."""
    return ended(Entry(b"a").local(FIELDS), Entry(b"a").central() * 1000, 1000)


def long_local_extra() -> bytes:
    return side_by_side((Entry(b"%d" % number) for number in range(1000)), local_extra=FIELDS)


def long_extra() -> bytes:
    """As few entries with as many fields as the directory's size bears: zipfile's time is quadratic in each one's."""
    return side_by_side((Entry(b"%d" % number) for number in range(2)), extra=FIELDS)


def full_overlap() -> bytes:
    """Fifield's first step: many entries, one content."""
    packed, entry = zeros(1)
    return ended(entry.local() + packed, entry.central() * 400, 400)


def quoted_overlap(entries: int = 400) -> bytes:
    """Fifield's better bomb: each content is a stored block that quotes the next entry's header, then that entry's."""
    rest, entry = zeros(1)
    content, placed = b"\0" * entry.size, []
    for number in range(entries):
        header = entry.local()
        placed.append((entry, len(rest) + len(header)))
        rest = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF) + header + rest
        content = header + content
        entry = Entry(b"%d" % number, len(rest), len(content), zlib.crc32(content), 8)
    whole = entry.local() + rest
    directory = b"".join(one.central(len(whole) - from_end) for one, from_end in placed)
    return ended(whole, entry.central() + directory, entries + 1)


def million_entries() -> bytes:
    return ended(Entry(b"a").local(), Entry(b"a").central() * 1_000_000, 1000)


def more_entries_than_said() -> bytes:
    return ended(Entry(b"a").local(), Entry(b"a").central() * 4000, 1000)


def zip64_hidden() -> bytes:
    """The end tells of one entry; what zip64 has in its place stands in that entry's comment."""
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1_000_000, 1_000_000, 1 << 40, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    return ended(Entry(b"a").local(), Entry(b"a").central(comment=record + locator), 1)


def two_ends() -> bytes:
    """What follows the first end is its comment, for tools that look from the front."""
    other = zipped({"b.log": b"b"})
    return zipped({"a.log": b"a"})[:-2] + struct.pack("<H", len(other)) + other


def truncated() -> bytes:
    return side_by_side(Entry(b"%d" % number) for number in range(1000))[:-10_000]


def too_much() -> bytes:
    """It declares its size truly: one megabyte too large."""
    packed, entry = zeros(1)
    return side_by_side(repeat(entry, 513), packed)


def liar() -> bytes:
    """It expands to 32 MB and says that it has a thousand bytes."""
    return by_hand(size=1000, packed=zeros(32)[0])


def empty_blocks(megabytes: int = 8) -> bytes:
    """Deflate blocks with a code of their own that expand to nothing: expensive to decode, without output."""
    number = sum(bit << place for place, bit in enumerate(chain(_block(), _block())))
    packed = number.to_bytes(23, "little") * (megabytes * MEGABYTE // 23)
    return side_by_side([Entry(b"a", len(packed), 1, 0, 8)], packed)


def _block() -> Iterator[int]:
    """The bits of a block with a dynamic code (RFC 1951, 3.2.7) whose only symbol is its end: 92 of them."""

    def number(value: int, width: int) -> Iterator[int]:
        return (value >> place & 1 for place in range(width))

    head = (number(0, 1), number(2, 2), number(0, 5), number(0, 5), number(14, 4))
    lengths = [{2: 1, 3: 2, 17: 2}.get(place, 0) for place in range(18)]  # of the symbols 18, 0 and 1
    zeros_of = ([0], number(138 - 11, 7), [0], number(118 - 11, 7))  # symbol 18: so many lengths of zero
    yield from chain(*head, *(number(length, 3) for length in lengths), *zeros_of, [1, 1], [1, 1], [0])
