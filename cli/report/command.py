"""`switchboard report`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli import options
from cli.chosen import Chosen
from cli.configuration import Configuration
from cli.report import screen
from cli.report.figures import figures_of
from cli.report.google import GoogleReportsError, google_reports
from cli.report.period import Period
from cli.report.scanned import Since, scanned

Picture = Annotated[Path | None, typer.Option(metavar="FILE.png", help="Also write the figures as a picture (PNG).")]


def report(
    context: typer.Context,
    *,
    since: Since = "7d",
    picture: Picture = None,
    account: options.OfAccount = None,
) -> None:
    """Report ratings, issues, delivery latency and failures of a period. Reads the whole Calls table."""
    chosen = Chosen.by(context)
    target = chosen.target()
    told = scanned(target, since, account)
    figures = figures_of(told.calls)
    google = _google(target.secrets.read().configuration, told.account, told.period)
    found = {**screen.as_json(told.account, told.period, figures), "google": google}
    if chosen.as_json:
        print(json.dumps(found, indent=2))
    else:
        screen.print_report(Console(), found, told.period)
    if picture:
        from cli.report.picture import draw  # noqa: PLC0415 - importing it takes half a second

        draw(picture, told.account, told.period, figures)
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
