"""The calls of a period, as `switchboard report` and `switchboard calls` read them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.aws import explained
from cli.report.period import Period, period
from cli.report.timeline_scan import DynamoTimelineScan
from cli.target import Target
from switchboard.timeline.event import Event

Since = Annotated[str, typer.Option(help="A duration (45m, 24h, 7d, 4w) or a day (2026-01-31).")]


@dataclass(frozen=True, slots=True)
class Scanned:
    """The events of an account's calls, grouped by call, and the period in which they were told."""

    account: str
    period: Period
    calls: Sequence[Sequence[Event]]


def scanned(target: Target, since: str, account: str | None) -> Scanned:
    """Read the whole Calls table. Raises OperatorError."""
    asked = period(since, datetime.fromtimestamp(time.time(), UTC))
    sid = target.account(account)
    scan = DynamoTimelineScan(target.client("dynamodb"), target.resource("CallsTable"))
    with explained():
        return Scanned(sid, asked, scan.calls(sid, *asked.milliseconds))
