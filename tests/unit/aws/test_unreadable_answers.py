"""Checks of an AWS answer before botocore parses it (docs/decisions/0034)."""

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
def test_a_complete_success_answer_is_not_changed(length: str | None) -> None:
    assert looked_at(b'{"Id": "one"}', length) == b'{"Id": "one"}'


def test_an_operation_without_an_answer_may_answer_nothing() -> None:
    assert looked_at(b"", "0", output=None) == b""


@pytest.mark.parametrize(
    ("body", "length"),
    [(b"{}", "3"), (b"{}", "1"), (b"{}", "two"), (b'{"cut": "of', None), (b"<html>", None), (b"[]", "2"), (b"", "0")],
)
def test_a_success_answer_that_is_truncated_or_no_object_is_an_error(body: bytes, length: str | None) -> None:
    with pytest.raises(UnreadableAnswerError):
        looked_at(body, length)


def test_an_unreadable_error_answer_keeps_its_status() -> None:
    assert looked_at(b"<html>", None, status=503) == b""
    assert looked_at(b'{"__type": "x"}', None, status=400) == b'{"__type": "x"}'
