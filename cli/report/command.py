"""`switchboard report`."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli import options
from cli.aws import explained
from cli.chosen import Chosen
from cli.configuration import Configuration
from cli.report import screen
from cli.report.figures import figures_of
from cli.report.google import GoogleReportsError, google_reports
from cli.report.period import Period, period
from cli.report.timeline_scan import DynamoTimelineScan

Since = Annotated[str, typer.Option(help="A duration (45m, 24h, 7d, 4w) or a day (2026-01-31).")]
Picture = Annotated[Path | None, typer.Option(metavar="FILE.png", help="Also write the figures as a picture (PNG).")]


def report(
    context: typer.Context,
    *,
    since: Since = "7d",
    picture: Picture = None,
    account: options.OfAccount = None,
) -> None:
    """Report ratings, issues, delivery latency and failures of a period. Reads the whole Calls table."""
    asked = period(since, datetime.fromtimestamp(time.time(), UTC))
    chosen = Chosen.by(context)
    target = chosen.target()
    sid = target.account(account)
    scan = DynamoTimelineScan(target.client("dynamodb"), target.resource("CallsTable"))
    with explained():
        figures = figures_of(scan.calls(sid, *asked.milliseconds))
    found = {**screen.as_json(sid, asked, figures), "google": _google(target.secrets.read().configuration, sid, asked)}
    if chosen.as_json:
        print(json.dumps(found, indent=2))
    else:
        screen.print_report(Console(), found, asked)
    if picture:
        from cli.report.picture import draw  # noqa: PLC0415 - importing it takes half a second

        draw(picture, sid, asked, figures)
        Console(stderr=True).print(f"drawn into {picture}", highlight=False, soft_wrap=True)


def _google(configuration: Configuration, sid: str, asked: Period) -> Mapping[str, Any] | None:
    """Return Google's reports by analytics label, or why there are none; None for an account without FCM."""
    account = configuration.app(sid, "fcm") or configuration.fcm
    if not account:
        return None
    try:
        days = asked.since.date(), asked.until.date()
        return {"labels": google_reports(account, configuration.push.get("fcm_base_url"), *days)}
    except GoogleReportsError as fault:
        return {"unavailable": str(fault)}
