"""The multipart envelope of the Android app's upload, removed piece by piece."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.logs.multipart_envelope import LONGEST_END, LONGEST_HEAD, unwrapped
from switchboard.logs.uploads import Fault, UnacceptableUploadError
from tests.zips import BOUNDARY, enveloped, zipped


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


def whole(content: bytes, size: int = 7) -> bytes:
    return b"".join(unwrapped(pieces(content, size)))


def fault(content: bytes, size: int = 7) -> Fault:
    with pytest.raises(UnacceptableUploadError) as refused:
        whole(content, size)
    return refused.value.fault


# content that holds parts of the delimiter many times
CONTENT = st.lists(st.sampled_from([b"\r\n", b"--", b"b", b"\r", b"-", b"PK\3\4", b"\r\n--b", b"\0"])).map(b"".join)
BOUNDARIES = st.sampled_from(["b-b", "bb", BOUNDARY])


@given(CONTENT, BOUNDARIES, st.integers(1, 40))
def test_what_was_wrapped_comes_out_however_it_is_cut(content: bytes, boundary: str, size: int) -> None:
    delimiter = f"\r\n--{boundary}".encode()
    if delimiter not in b"\r\n" + content:
        assert whole(enveloped(content, boundary), size) == content


@given(st.binary(), st.integers(1, 40))
def test_any_bytes_come_out(content: bytes, size: int) -> None:
    assert whole(enveloped(content), size) == content


@given(st.binary(), st.integers(1, 40))
def test_what_is_not_wrapped_passes_as_it_is(content: bytes, size: int) -> None:
    if not content.startswith(b"--"):
        assert whole(content, size) == content


@given(st.integers(1, 40), st.data())
def test_a_body_that_ends_too_early_is_never_taken_for_a_whole_one(size: int, data: st.DataObject) -> None:
    body = enveloped(b"PK\3\4 and more")
    cut = body[: data.draw(st.integers(2, len(body) - 5))]  # before the -- of the end
    assert fault(cut, size) is Fault.TRUNCATED


@given(st.binary(max_size=300), st.integers(1, 40))
def test_whatever_looks_like_a_body_is_unwrapped_or_refused(content: bytes, size: int) -> None:
    try:
        whole(b"--b\r\n" + content, size)
    except UnacceptableUploadError:
        return


def test_a_line_that_only_begins_like_the_delimiter_is_content() -> None:
    content = b"PK\r\n--bx still content\r\n--b"
    assert whole(enveloped(content + b"y", "b")) == content + b"y"


def test_the_end_may_lack_its_line_break_and_the_part_its_headers() -> None:
    assert whole(b"--b\r\n\r\nPK\r\n--b--") == b"PK"


def test_an_empty_part_is_empty() -> None:
    assert whole(enveloped(b"")) == b""
    assert whole(b"--b\r\n\r\n\r\n--b--", 3) == b""


@pytest.mark.parametrize("size", [1, 5, 10_000])
def test_a_second_part_is_refused(size: int) -> None:
    body = enveloped(zipped())[: -len("--\r\n")] + b"\r\nContent-Disposition: form-data\r\n\r\nmore"
    assert fault(body, size) is Fault.STRANGE_ENVELOPE


@pytest.mark.parametrize("more", [b"more", b" " * (LONGEST_END + 2)])
def test_more_after_the_end_is_refused(more: bytes) -> None:
    assert fault(enveloped(b"PK") + more) is Fault.STRANGE_ENVELOPE


@pytest.mark.parametrize(
    "body",
    [
        b"--\r\nA: b\r\n\r\nPK\r\n----",  # no boundary
        b"--" + b"b" * 71 + b"\r\n\r\nPK",  # one longer than RFC 2046 allows
        b"-- a text that begins so\n" + b"and goes on " * 1000,
        b"--b\r\nA: " + b"b" * LONGEST_HEAD + b"\r\n\r\nPK\r\n--b--",
    ],
)
def test_what_only_begins_like_a_body_is_no_zip(body: bytes) -> None:
    assert fault(body) is Fault.NOT_A_ZIP
    assert fault(body, 100_000) is Fault.NOT_A_ZIP


@pytest.mark.parametrize(
    ("beginning", "goes_on", "pieces_read"),
    [
        (b"--b\r\n", b"A: b\r\n", LONGEST_HEAD // 512 + 1),  # headers without an end
        (b"--", b"b", LONGEST_HEAD // 512 + 1),  # a boundary without an end
        (b"--b\r\n\r\nPK", b"\r\n--b\r\n\r\nPK", 1),  # parts without an end
        (b"--b\r\n\r\nPK\r\n--b--", b" ", LONGEST_END // 512 + 1),  # white space without an end
    ],
)
def test_an_endless_upload_is_dropped_early(beginning: bytes, goes_on: bytes, pieces_read: int) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        for piece in pieces(beginning + goes_on * 200_000, 512):
            read += 1
            yield piece

    with pytest.raises(UnacceptableUploadError):
        list(unwrapped(endless()))
    assert read <= pieces_read + 1
