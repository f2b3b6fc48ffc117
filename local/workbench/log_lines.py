"""The log lines of the functions that belong to a request."""

import json
from dataclasses import dataclass
from typing import Any

from local.deployment.aws import Aws
from local.workbench.exchange import Exchange

BEFORE_MS, AFTER_MS = 2_000, 60_000
MOST_LINES = 50


@dataclass(frozen=True)
class LogLines:
    """Searches the log groups of the deployed functions."""

    aws: Aws
    groups: list[str]

    def of(self, exchange: Exchange) -> list[dict[str, Any]]:
        """Return the structured lines with the request's id, else with an id of its call, the oldest first."""
        wanted = [exchange.request_id] if exchange.request_id else exchange.ids
        client = self.aws.session.client("logs", endpoint_url=self.aws.endpoint)
        span = {"startTime": exchange.at - BEFORE_MS, "endTime": exchange.at + exchange.took_ms + AFTER_MS}
        found: dict[str, dict[str, Any]] = {}
        for group in self.groups if wanted else ():
            for one in wanted:
                for event in client.filter_log_events(logGroupName=group, filterPattern=f'"{one}"', **span)["events"]:
                    for text in event["message"].splitlines():
                        if one in text and (line := _line(text)):
                            found[text] = line
        return sorted(found.values(), key=lambda line: str(line.get("timestamp", "")))[:MOST_LINES]


def _line(text: str) -> dict[str, Any] | None:
    """Return a structured line; None for others and for metrics."""
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) and "message" in line else None
