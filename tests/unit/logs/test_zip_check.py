"""Which zips are safe to open, and why others are refused."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.logs.uploads import Fault, Listed, UnacceptableUploadError
from switchboard.logs.zip_check import checked
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


def with_comment(comment: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a", b"b")
        archive.comment = comment
    return made.getvalue()


@pytest.mark.parametrize("comment", [b"of July", b"c" * 0xFFFF])
def test_a_comment_may_follow(comment: bytes) -> None:
    assert checked(io.BytesIO(with_comment(comment))) == [Listed("a", 1)]


def test_a_comment_in_which_some_tools_would_find_another_end_is_refused() -> None:
    assert fault(with_comment(b"see PK\5\6 and more than twenty-two bytes of it")) is Fault.TRUNCATED


def test_sizes_in_zip64s_own_fields_are_read_as_any_others() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive, archive.open("a", "w", force_zip64=True) as entry:
        entry.write(b"b" * 70_000)
    assert checked(made) == [Listed("a", 70_000)]


def test_no_content_is_an_empty_upload_and_a_zip_without_entries_is_a_zip() -> None:
    assert fault(b"") is Fault.EMPTY
    assert checked(io.BytesIO(zipped({}))) == []
