"""A push's body in every form in which Exotel may send it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.foundation.errors import InvalidFieldError, MalformedRequestError
from switchboard.pushes.body import push_fields

FIELDS = {"subscriberName": "Bob", "payload": "e30.e30.a-_--b", "payloadVersion": "2.0"}
JSON = b'{"subscriberName": "Bob", "payload": "e30.e30.a-_--b", "payloadVersion": "2.0", "extra": [1]}'
FORM = b"subscriberName=Bob&payload=e30.e30.a-_--b&payloadVersion=2%2E0"


def multipart(newline: str = "\r\n", boundary: str = "----x42", preamble: str = "", quote: str = '"') -> bytes:
    parts = [
        f"--{boundary}{newline}Content-Disposition: form-data; name={quote}{name}{quote}{newline}"
        f"Content-Type: text/plain{newline}{newline}{value}{newline}"
        for name, value in FIELDS.items()
    ]
    return (preamble + "".join(parts) + f"--{boundary}--{newline}").encode()


BODIES = {
    "json": JSON,
    "json with a byte order mark": b"\xef\xbb\xbf" + JSON,
    "form": FORM,
    "multipart": multipart(),
    "multipart with bare line feeds": multipart("\n"),
    "multipart with unquoted names": multipart(quote=""),
}
TYPES = [
    "",
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=----x42",
    "multipart/form-data; boundary=other",
    "text/plain; charset=utf-8",
]


@pytest.mark.parametrize("content_type", TYPES)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_every_form_is_read_whatever_the_content_type_says(body: bytes, content_type: str) -> None:
    assert push_fields(body, content_type) == FIELDS


def test_a_multipart_preamble_is_skipped_where_the_boundary_is_declared() -> None:
    body = multipart(preamble="This is a message in parts.\r\n")

    assert push_fields(body, 'multipart/form-data; boundary="----x42"') == FIELDS


@pytest.mark.parametrize(("sent", "kept"), [("2", "2"), ("2.0", "2.0"), ('"2.0"', "2.0"), ("1e3", "1e3")])
def test_a_version_sent_as_a_number_stays_as_it_was_written(sent: str, kept: str) -> None:
    assert push_fields(b'{"payloadVersion": %s}' % sent.encode(), "")["payloadVersion"] == kept


@pytest.mark.parametrize("value", [b"true", b"null", b"{}", b"[1]", b"NaN"])
def test_a_field_of_another_type_is_refused_by_name(value: bytes) -> None:
    with pytest.raises(InvalidFieldError) as refusal:
        push_fields(b'{"payload": %s}' % value, "application/json")

    assert refusal.value.field == "payload"


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"{", b"[1]", b"{}", b"\xff\xfe", b"--x", b"--x\r\n\r\n--x--", b"a=1&b=2", b"[" * 50_000],
    ids=repr,
)
def test_what_holds_no_push_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedRequestError):
        push_fields(body, "")


@given(st.binary(max_size=300), st.text(max_size=60))
def test_no_body_makes_it_crash(body: bytes, content_type: str) -> None:
    try:
        fields = push_fields(body, content_type)
    except (MalformedRequestError, InvalidFieldError):
        return
    assert all(isinstance(value, str) for value in fields.values())
