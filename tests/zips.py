"""Zips as phones make them, and malicious ones."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache
from typing import IO

LOGS = {"sdk.log": b"10:00:01 INFO registered\n" * 40, "app/2023-11-14.log": b"dial bob\n"}
BOUNDARY = "3f2b1c1a-6f0e-4b7e-9a55-0d3f0f2f7c11"


def zipped(entries: Mapping[str, bytes] = LOGS, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return made.getvalue()


def unzipped(content: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def enveloped(content: bytes, boundary: str = BOUNDARY) -> bytes:
    """As the Android app's HTTP client sends a zip: multipart/form-data with one part."""
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="logs.zip"\r\n'
        f"Content-Type: application/zip\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{boundary}--\r\n".encode()


def by_hand(
    name: bytes = b"sdk.log",
    content: bytes = b"a line\n",
    *,
    size: int | None = None,
    method: int = 8,
    packed: bytes | None = None,
    flags: int = 0x800,
    needed: int = 20,
    mode: int = 0,
    extra: bytes = b"",
    local_name: bytes | None = None,
    local_extra: bytes = b"",
    count: int = 1,
    crc: int | None = None,
    offset: int = 0,
    end: Mapping[str, int] | None = None,
) -> bytes:
    """A zip with one entry, `count` times in its directory, whose fields can all be set to wrong values."""
    if packed is None:
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = deflate.compress(content) + deflate.flush() if method == 8 else content
    size = len(content) if size is None else size
    crc = zlib.crc32(content) if crc is None else crc
    inner = name if local_name is None else local_name
    figures = (crc, len(packed), size)
    local = struct.pack("<4s5H3L2H", b"PK\3\4", needed, flags, method, 0, 33, *figures, len(inner), len(local_extra))
    local += inner + local_extra + packed
    central = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 3 << 8 | needed, needed, flags, method, 0, 33, *figures,
        len(name), len(extra), 0, 0, 0, mode << 16, offset,
    )  # fmt: skip
    central = (central + name + extra) * count
    said = {"disk": 0, "here": count, "count": count, "size": len(central), "offset": len(local)} | dict(end or {})
    last = struct.pack(
        "<4s4H2LH", b"PK\5\6", said["disk"], 0, said["here"], said["count"], said["size"], said["offset"], 0
    )
    return local + central + last


@cache
def bomb(gigabytes: int = 10) -> bytes:
    """A zip of some 10 MB for 10 GB that says truly how far it expands: zeros, 64 MB an entry."""
    out = io.BytesIO()
    repeated(out, b"\0" * (64 << 20), gigabytes * 16)
    return out.getvalue()


def repeated(out: IO[bytes], content: bytes, count: int) -> None:
    """Write a sound zip with so many entries of one content, which is deflated once."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflate.compress(content) + deflate.flush()
    crc, central, begin = zlib.crc32(content), b"", out.tell()
    for number in range(count):
        name, offset = f"{number}.log".encode(), out.tell() - begin
        figures = (crc, len(packed), len(content))
        out.write(struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, *figures, len(name), 0) + name + packed)
        central += struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 33, *figures, len(name), *[0] * 5, offset)
        central += name
    at = out.tell() - begin
    out.write(central + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(central), at, 0))
