"""A log line is never longer than its bound, and keeps the fields that identify the request."""

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.runtime.log import logger
from switchboard.runtime.log_line import FIELD_CHARACTERS, LINE_BYTES, TRACE_LINE_BYTES, log_line
from switchboard.web.http import Reply, api
from switchboard.web.request import Request
from tests.fuzz.tries import tries

FOUND = {"level": "INFO", "message": "served", "route": "GET /x", "request_id": "r" * 36, "status": 404, "code": "no"}
HOSTILE = {
    "control characters": "\1" * 16_000,
    "the URL that made 15.9 KB": "\1" * 2_650,
    "quotes": '"\\' * 8_000,
    "emoji": "😀" * 16_000,
    "half characters": "\ud800" * 16_000,
    "lines": "a\n" * 8_000,
    "letters": "a" * 4_000,
}
LISTS: dict[str, Any] = {
    "a long list": ["reason " * 9] * 500,
    "a list of one long text": ["\1" * 9_000],
    "a nested mapping": {"a": {"b": ["\1" * 9_000]}, "\2" * 9_000: 1},
    "no JSON": {("a", "b"): 1},
    "no number": float("nan"),
    "endless": float("inf"),
    "a long number": 10**5_000,
    "bytes": b"\0" * 9_000,
    "an object": object(),
}


def nest(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def read(line: str) -> dict[str, Any]:
    """Return a line's fields, once it is proved to be one line of JSON within all bounds."""
    fields: dict[str, Any] = json.loads(line, parse_constant=pytest.fail)
    assert "\n" not in line
    traced = "exception" in fields
    assert len(line.encode()) <= (TRACE_LINE_BYTES if traced else LINE_BYTES)
    for name, value in fields.items():
        if name != "exception":
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            assert len(text) <= FIELD_CHARACTERS, name
    return fields


@pytest.mark.parametrize("value", [*HOSTILE.values(), *LISTS.values(), nest(5_000)], ids=[*HOSTILE, *LISTS, "depth"])
@pytest.mark.parametrize("fields", [1, 12, 200])
def test_a_line_is_bounded_and_keeps_what_finds_the_request_again(value: Any, fields: int) -> None:
    line = read(log_line({**{f"f{number}": value for number in range(fields)}, **FOUND}))
    assert {name: line[name] for name in FOUND} == FOUND


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_kept_fields_are_bounded_too(value: str) -> None:
    assert read(log_line(dict.fromkeys((*FOUND, "service", "timestamp", "location"), value)))


def test_what_fits_stays_as_it_is() -> None:
    fields = {"text": "ä" * FIELD_CHARACTERS, "list": [1, "b"], "mapping": {"accepted": 2}, "none": None, "yes": True}
    assert read(log_line(fields)) == fields


def test_of_a_list_the_first_members_are_kept() -> None:
    kept = read(log_line({"reasons": ["UNREGISTERED", "x" * 9_000, "y"]}))["reasons"]
    assert kept[0] == "UNREGISTERED"
    assert kept[1].startswith("x")
    assert kept[1].endswith("…")


@tries(100)
@given(st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=4_000) | st.lists(st.text(max_size=300))))
def test_whatever_is_logged_is_bounded(fields: dict[str, Any]) -> None:
    fields.pop("exception", None)
    read(log_line(fields))


@contextmanager
def written() -> Iterator[io.StringIO]:
    """Return what the one logger writes, by the formatter that it has.

    Nothing reaches pytest's own handler: xdist cannot pass lone surrogates on to its controller.
    """
    stream, ours = io.StringIO(), logging.getLogger(logger.name)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logger.registered_formatter)
    ours.addHandler(handler)
    ours.propagate, before = False, ours.propagate
    try:
        yield stream
    finally:
        ours.propagate = before
        ours.removeHandler(handler)


def hostile_event(text: str) -> dict[str, Any]:
    """A request whose parts are all hostile, except those that API Gateway writes."""
    return {
        "routeKey": "GET /x",
        "rawPath": text,
        "rawQueryString": text,
        "headers": {"authorization": f"Bearer {text}", "x": text},
        "pathParameters": {"accountSid": text, "name": text, "pushId": text, "secret": text},
        "requestContext": {"requestId": "r1", "http": {"path": text, "sourceIp": "203.0.113.7"}},
        "body": text,
    }


def lines_of(text: str, error: Exception | None) -> list[dict[str, Any]]:
    def route(request: Request) -> Reply:
        request.notes |= {f"path_{name}": request.path(name) for name in ("accountSid", "name", "pushId")}
        request.notes |= {"call_sid": request.query.get("CallSid", text), "caller": request.header("x")}
        request.notes |= {"nested": {"body": request.body.decode(), "more": [text] * 9}}
        if error is not None:
            raise error
        return Reply({})

    with written() as stream:
        api({"GET /x": route})(hostile_event(text), None)
    return [read(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_request_makes_one_bounded_line(text: str) -> None:
    (line,) = lines_of(text, None)
    assert (line["message"], line["route"], line["request_id"]) == ("served", "GET /x", "r1")
    assert line["status"] in (200, 413)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_defect_that_quotes_the_request_keeps_its_trace_and_not_the_quote(text: str) -> None:
    cause = ValueError(text)
    error = RuntimeError(text)
    error.__cause__ = cause
    error.add_note(text)
    trace, line = lines_of("short", error)
    assert (trace["message"], trace["request_id"], trace["exception_name"]) == ("failed", "r1", "RuntimeError")
    assert "in route" in trace["exception"]
    assert "RuntimeError" in trace["exception"]
    assert (line["status"], line["code"]) == (500, "internal")


def test_a_deep_trace_keeps_both_ends() -> None:
    def dig(depth: int) -> None:
        if depth:
            dig_again(depth - 1)
        raise LookupError("at the bottom")

    def dig_again(depth: int) -> None:
        dig(depth)

    with written() as stream:
        try:
            dig(150)
        except LookupError:
            logger.exception("failed")
    line = read(stream.getvalue().strip())
    assert line["exception"].startswith("Traceback")
    assert "…" in line["exception"]
    assert line["exception"].endswith("LookupError: at the bottom")


def test_lambda_can_read_the_time_of_a_line() -> None:
    """Lambda's JSON format reads RFC 3339; a line without it is INFO for Lambda, whatever its level says."""
    with written() as lines:
        logger.warning("not stopped")
    [line] = lines.getvalue().splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)", json.loads(line)["timestamp"])
