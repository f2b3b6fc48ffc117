"""Which zips open without care, and why others are set aside."""

import io
import stat
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.domain import zip_check
from switchboard.domain.log_uploads import Fault, Listed, UnacceptableUploadError
from switchboard.domain.zip_check import checked
from switchboard.domain.zip_directory import LARGEST_DIRECTORY, MOST_ENTRIES
from tests.zips import LOGS, by_hand, zipped


def fault(content: bytes) -> Fault:
    with pytest.raises(UnacceptableUploadError) as refused:
        checked(io.BytesIO(content))
    return refused.value.fault


NAMES = st.from_regex(r"[a-zA-Z0-9_é-]{1,12}(/[a-z]{1,5})?\.log", fullmatch=True)
METHODS = st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
ZIPS = st.builds(zipped, st.dictionaries(NAMES, st.binary(max_size=2000), max_size=5), METHODS)


@given(st.dictionaries(NAMES, st.binary(max_size=2000), max_size=5), METHODS)
def test_a_phones_zip_is_listed(entries: dict[str, bytes], method: int) -> None:
    found = checked(io.BytesIO(zipped(entries, method)))
    assert found == [Listed(name, len(content)) for name, content in entries.items()]


@given(ZIPS, st.data())
def test_what_passes_opens_with_any_tool_whatever_happened_to_it(content: bytes, data: st.DataObject) -> None:
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(0, 3))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(changed[: data.draw(st.integers(0, len(changed)))] if data.draw(st.booleans()) else changed)
    try:
        found = checked(io.BytesIO(cut))
    except UnacceptableUploadError:
        return
    with zipfile.ZipFile(io.BytesIO(cut)) as archive:
        assert archive.testzip() is None
        assert [info.file_size for info in archive.infolist()] == [entry.size for entry in found]


@given(ZIPS, st.integers(1, 200))
def test_a_zip_cut_short_never_passes(content: bytes, less: int) -> None:
    assert fault(content[: max(len(content) - less, 0)]) in (Fault.TRUNCATED, Fault.NOT_A_ZIP, Fault.EMPTY)


def test_a_large_entry_is_looked_at_window_by_window() -> None:
    content = bytes(range(256)) * 4096
    assert checked(io.BytesIO(zipped({"a": content}))) == [Listed("a", 1 << 20)]
    assert checked(io.BytesIO(zipped({"a": content}, zipfile.ZIP_STORED))) == [Listed("a", 1 << 20)]


def test_a_zip_written_to_a_stream_passes() -> None:
    class Stream(io.RawIOBase):  # as phones write: sizes follow their content
        def __init__(self) -> None:
            self.written = b""

        def writable(self) -> bool:
            return True

        def write(self, content: bytes) -> int:  # type: ignore[override]
            self.written += bytes(content)
            return len(content)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in LOGS.items():
            archive.writestr(name, content)
    assert len(checked(io.BytesIO(stream.written))) == len(LOGS)


def test_folders_and_zips_inside_are_listed_and_not_opened() -> None:
    found = checked(io.BytesIO(zipped({"old/": b"", "old/inner.zip": b"no zip at all"})))
    assert found == [Listed("old/", 0), Listed("old/inner.zip", 13)]


def test_names_are_made_harmless() -> None:
    assert checked(io.BytesIO(by_hand(b"a\x1b[2J\n.log")))[0].name == "a\ufffd[2J\ufffd.log"
    assert len(checked(io.BytesIO(by_hand(b"a" * 5000)))[0].name) == 100
    assert checked(io.BytesIO(by_hand(b"a\xe2\x80\xae.log")))[0].name == "a\ufffd.log"  # right-to-left override


def test_a_comment_may_follow_even_one_that_looks_like_an_end() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a", b"b")
        archive.comment = b"see PK\5\6 and more than twenty-two bytes of it"
    assert checked(made) == [Listed("a", 1)]


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
        by_hand(size=0xFFFFFFFF),
        by_hand(end={"here": 0xFFFF, "count": 0xFFFF}),
        by_hand(end={"size": 0xFFFFFFFF}),
    ],
)
def test_what_log_zips_never_need_is_refused(content: bytes) -> None:
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
def test_what_contradicts_itself_is_refused(content: bytes) -> None:
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


def test_nothing_is_empty_and_a_zip_of_nothing_is_a_zip() -> None:
    assert fault(b"") is Fault.EMPTY
    assert checked(io.BytesIO(zipped({}))) == []
