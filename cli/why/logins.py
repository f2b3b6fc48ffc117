"""Refused logins, from vend_token's log, since a refused token request belongs to no call."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from cli import time_formats
from cli.aws import explained
from cli.why.diagnosis.subscriber import LoginRefusal

_HOUR_MS = 3_600_000
_MOST_PAGES = 20
_REFUSED = '{ $.code = "exotel_*" || $.code = "not_configured" }'  # not the codes of users' own mistakes
_GRANTED = "{ $.status = 200 }"
_ROUTES = ("/login", "/token")


def refusals(client: Any, group: str, sid: str, now: float) -> Sequence[LoginRefusal]:  # noqa: ANN401 - boto3's logs
    """Return the account's logins that Exotel or the configuration made fail in the hour before `now` (seconds).

    Raises OperatorError.
    """
    found: dict[str, list[int]] = {}
    for at, line in _lines(client, group, int(now * 1000) - _HOUR_MS, _REFUSED):
        code = str(line.get("code", ""))
        if line.get("account") == sid and (code.startswith("exotel_") or code == "not_configured"):
            found.setdefault(code, []).append(at)
    return [_refusal(client, group, sid, code, times) for code, times in found.items()]


def granted(client: Any, group: str, sid: str, since: int, name: str | None = None) -> int | None:  # noqa: ANN401
    """Return when a token was first issued after `since` (milliseconds), to `name` or to any subscriber of the account.

    Raises OperatorError.
    """
    for at, line in _lines(client, group, since + 1, _GRANTED):
        of_tokens = str(line.get("route", "")).endswith(_ROUTES)
        if of_tokens and line.get("account") == sid and name in (None, line.get("subscriber")):
            return at
    return None


def _refusal(client: Any, group: str, sid: str, code: str, times: Sequence[int]) -> LoginRefusal:  # noqa: ANN401
    """Return the refusals of a code. A later token of another user proves most causes fixed, but not a bad name."""
    fixed = None if code == "exotel_bad_name" else granted(client, group, sid, max(times))
    shown = None if fixed is None else time_formats.here(fixed)
    return LoginRefusal(code, len(times), time_formats.here(min(times)), time_formats.here(max(times)), shown)


def _lines(client: Any, group: str, since: int, pattern: str) -> Iterator[tuple[int, dict[str, Any]]]:  # noqa: ANN401
    pages = client.get_paginator("filter_log_events").paginate(
        logGroupName=group, filterPattern=pattern, startTime=since
    )
    with explained():
        try:
            for page in islice(pages, _MOST_PAGES):
                for event in page["events"]:
                    for text in event["message"].splitlines():
                        if text.startswith("{"):
                            yield event["timestamp"], _object(text)
        except client.exceptions.ResourceNotFoundException:
            return  # the log group is created with the function's first line


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
