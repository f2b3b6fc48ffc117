"""Malicious zips, and why each is refused."""

import io
import stat
import struct

import pytest

from switchboard.logs import zip_check
from switchboard.logs.uploads import Fault, UnacceptableUploadError
from switchboard.logs.zip_check import checked
from switchboard.logs.zip_end import LARGEST_DIRECTORY, MOST_ENTRIES
from tests.zips import by_hand, zipped


def fault(content: bytes) -> Fault:
    with pytest.raises(UnacceptableUploadError) as refused:
        checked(io.BytesIO(content))
    return refused.value.fault


@pytest.mark.parametrize(
    "name",
    [b"../up.log", b"a/../../up", b"..", b"/etc/passwd", b"a\\b", b"..\\up", b"C:up", b"c:/up", b"", b"a\0.log"],
)
def test_a_name_that_leads_outside_is_refused(name: bytes) -> None:
    assert fault(by_hand(name)) is Fault.UNSAFE_NAME


def test_a_name_that_is_not_the_text_it_says_is_refused() -> None:
    assert fault(by_hand(b"\xff\xfe")) is Fault.UNSAFE_NAME


@pytest.mark.parametrize("where", ["extra", "local_extra"])
def test_a_second_name_is_refused(where: str) -> None:
    renaming = struct.pack("<HHBL", 0x7075, 13, 1, 0) + b"../up.lo"
    before = struct.pack("<HHL", 0x5455, 4, 0)
    assert fault(by_hand(**{where: before + renaming})) is Fault.UNSAFE_NAME  # type: ignore[arg-type]
    assert fault(by_hand(**{where: b"\x55\x54\xff\xff"})) is Fault.DAMAGED  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_are_refused(kind: int) -> None:
    assert fault(by_hand(content=b"/etc/passwd", mode=kind | 0o777)) is Fault.LINK


@pytest.mark.parametrize("flags", [1, 0x41, 0x2000])
def test_what_is_encrypted_is_refused(flags: int) -> None:
    assert fault(by_hand(flags=flags)) is Fault.ENCRYPTED


@pytest.mark.parametrize(
    "content",
    [
        by_hand(method=12),
        by_hand(method=14),
        by_hand(flags=0x20),
        by_hand(needed=64),
        by_hand(end={"here": 0xFFFF, "count": 0xFFFF}),
        by_hand(end={"size": 0xFFFFFFFF}),
    ],
)
def test_features_that_log_zips_never_use_are_refused(content: bytes) -> None:
    assert fault(content) is Fault.UNSUPPORTED


def test_what_would_expand_too_far_is_refused_unopened() -> None:
    assert fault(by_hand(size=zip_check.MOST_EXPANDED + 1, packed=b"never looked at")) is Fault.EXPANDS_TOO_FAR


def test_what_expands_further_than_it_says_is_refused_at_once() -> None:
    assert fault(by_hand(content=b"\0" * 10_000_000, size=1000)) is Fault.EXPANDS_TOO_FAR


@pytest.mark.parametrize(
    "content",
    [
        by_hand(size=8),  # expands less far than it says
        by_hand(crc=1),
        by_hand(packed=b"\xff\xff\xff"),  # not deflated
        by_hand(packed=b"\xab\xad\xb9"),  # the stream does not end
        by_hand(content=b"", packed=b"\3\0more", size=0),
        by_hand(content=b"", packed=b"\3\0" + b"m" * (1 << 17), size=0),
        by_hand(method=0, size=100),
        by_hand(local_name=b"other.log"),
        by_hand(offset=5),
        by_hand(offset=1_000_000),
        by_hand(end={"offset": 1}),
        by_hand(end={"disk": 1}),
        by_hand(end={"here": 2}),
        by_hand(end={"here": 2, "count": 2}),
        b"in front" + zipped(),
    ],
)
def test_a_zip_that_contradicts_itself_is_refused(content: bytes) -> None:
    assert fault(content) is Fault.DAMAGED


def test_a_directory_with_a_broken_entry_is_refused() -> None:
    good = by_hand()
    at = good.index(b"PK\1\2")
    assert fault(good[:at] + b"PK\1\3" + good[at + 4 :]) is Fault.DAMAGED
    short = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 10, at, 0)
    assert fault(good[:at] + good[at : at + 10] + short) is Fault.DAMAGED


def test_entries_that_share_bytes_are_refused() -> None:
    assert fault(by_hand(count=2)) is Fault.OVERLAPPING_ENTRIES


def test_an_entry_that_goes_on_into_the_directory_is_refused() -> None:
    content = bytearray(by_hand(method=0))
    for at in (18, content.index(b"PK\1\2") + 20):  # its packed size, in both places
        struct.pack_into("<L", content, at, 100)
    assert fault(bytes(content)) is Fault.OVERLAPPING_ENTRIES


def test_too_many_entries_are_refused_before_they_are_read() -> None:
    assert fault(zipped({f"{number}": b"" for number in range(MOST_ENTRIES + 1)})) is Fault.TOO_MANY_ENTRIES
    long = by_hand(b"n" * 60_000, count=LARGEST_DIRECTORY // 60_000 + 1)
    assert fault(long) is Fault.TOO_MANY_ENTRIES


@pytest.mark.parametrize(
    "content", [b"plain text, no zip", b"\x1f\x8b gzip", b"PK", b"7z\xbc\xaf\x27\x1c" + b"\0" * 100]
)
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    assert fault(content) is Fault.NOT_A_ZIP
