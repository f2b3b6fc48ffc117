"""Refused logins, from vend_token's log: what keeps apps from a token leaves no trace in any call."""

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
_REFUSED = '{ $.code = "exotel_*" || $.code = "not_configured" }'  # a user's own mistakes are not ours to fix
_GRANTED = "{ $.status = 200 }"
_ROUTES = ("/login", "/token")


def refusals(client: Any, group: str, sid: str, now: float) -> Sequence[LoginRefusal]:  # noqa: ANN401 - boto3's logs
    """Return what Exotel or our own configuration refused the account within the hour before `now` (seconds).

    Raises OperatorError.
    """
    found: dict[str, list[int]] = {}
    for at, line in _lines(client, group, int(now * 1000) - _HOUR_MS, _REFUSED):
        code = str(line.get("code", ""))
        if line.get("account") == sid and (code.startswith("exotel_") or code == "not_configured"):
            found.setdefault(code, []).append(at)
    return [_refusal(client, group, sid, code, times) for code, times in found.items()]


def granted(client: Any, group: str, sid: str, since: int, name: str | None = None) -> int | None:  # noqa: ANN401
    """Return when a token was first given out after `since`, to anybody of the account or to `name` (milliseconds).

    Raises OperatorError.
    """
    for at, line in _lines(client, group, since + 1, _GRANTED):
        of_tokens = str(line.get("route", "")).endswith(_ROUTES)
        if of_tokens and line.get("account") == sid and name in (None, line.get("subscriber")):
            return at
    return None


def _refusal(client: Any, group: str, sid: str, code: str, times: Sequence[int]) -> LoginRefusal:  # noqa: ANN401
    """Say what was refused and whether another's token shows that it is over; a bad name is one user's own."""
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
            return  # a group appears with the function's first line


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
