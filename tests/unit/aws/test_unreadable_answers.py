"""What botocore is told before it parses an answer of AWS (docs/decisions/0034)."""

from types import SimpleNamespace
from typing import Any

import pytest

from switchboard.aws.clients import UnreadableAnswerError, _look_at


def looked_at(body: bytes, length: str | None, status: int = 200, output: object = "a shape") -> bytes:
    headers = {} if length is None else {"content-length": length}
    answer: dict[str, Any] = {"body": body, "headers": headers, "status_code": status}
    _look_at(answer, SimpleNamespace(name="SendMessage", output_shape=output))
    return bytes(answer["body"])


@pytest.mark.parametrize("length", [None, "13"])
def test_a_whole_yes_is_left_as_it_is(length: str | None) -> None:
    assert looked_at(b'{"Id": "one"}', length) == b'{"Id": "one"}'


def test_an_operation_without_an_answer_may_answer_nothing() -> None:
    assert looked_at(b"", "0", output=None) == b""


@pytest.mark.parametrize(
    ("body", "length"),
    [(b"{}", "3"), (b"{}", "1"), (b"{}", "two"), (b'{"cut": "of', None), (b"<html>", None), (b"[]", "2"), (b"", "0")],
)
def test_a_yes_that_is_cut_off_or_no_object_is_a_fault(body: bytes, length: str | None) -> None:
    with pytest.raises(UnreadableAnswerError):
        looked_at(body, length)


def test_of_a_no_that_cannot_be_read_its_status_is_left() -> None:
    assert looked_at(b"<html>", None, status=503) == b""
    assert looked_at(b'{"__type": "x"}', None, status=400) == b'{"__type": "x"}'
