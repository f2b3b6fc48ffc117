"""`switchboard report`."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli import options
from cli.aws import explained
from cli.chosen import Chosen
from cli.report import screen
from cli.report.figures import figures_of
from cli.report.period import period
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
    found = screen.as_json(sid, asked, figures)
    if chosen.as_json:
        print(json.dumps(found, indent=2))
    else:
        screen.print_report(Console(), found, asked)
    if picture:
        from cli.report.picture import draw  # noqa: PLC0415 - importing it takes half a second

        draw(picture, sid, asked, figures)
        Console(stderr=True).print(f"drawn into {picture}", highlight=False, soft_wrap=True)
