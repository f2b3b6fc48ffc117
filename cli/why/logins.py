"""Refused logins, from vend_token's log: what keeps apps from a token leaves no trace in any call."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from cli import moments
from cli.aws import explained
from switchboard.domain.diagnosis.subscriber import LoginRefusal

_HOUR_MS = 3_600_000
_MOST_PAGES = 20
_PATTERN = '{ $.code = "exotel_*" || $.code = "not_configured" }'  # a user's own mistakes are not ours to mend


def refusals(client: Any, group: str, sid: str, now: float) -> Sequence[LoginRefusal]:  # noqa: ANN401 - boto3's logs
    """Return what Exotel or our own configuration refused the account within the hour before `now` (seconds).

    Raises OperatorError.
    """
    found: dict[str, list[int]] = {}
    with explained():
        try:
            for at, line in _lines(client, group, int(now * 1000)):
                code = str(line.get("code", ""))
                if line.get("account") == sid and (code.startswith("exotel_") or code == "not_configured"):
                    found.setdefault(code, []).append(at)
        except client.exceptions.ResourceNotFoundException:
            return []  # a group appears with the function's first line
    return [
        LoginRefusal(code, len(times), moments.utc(min(times)), moments.utc(max(times)))
        for code, times in found.items()
    ]


def _lines(client: Any, group: str, now: int) -> Iterator[tuple[int, dict[str, Any]]]:  # noqa: ANN401 - as above
    pages = client.get_paginator("filter_log_events").paginate(
        logGroupName=group, filterPattern=_PATTERN, startTime=now - _HOUR_MS
    )
    for page in islice(pages, _MOST_PAGES):
        for event in page["events"]:
            for text in event["message"].splitlines():
                if text.startswith("{") and "code" in text:
                    yield event["timestamp"], _object(text)


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
