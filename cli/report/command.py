"""`switchboard report`."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli import options
from cli.chosen import Chosen
from cli.report import screen
from cli.report.figures import figures_of
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
    told = scanned(chosen, since, account)
    figures = figures_of(told.calls)
    found = screen.as_json(told.account, told.period, figures)
    if chosen.as_json:
        print(json.dumps(found, indent=2))
    else:
        screen.print_report(Console(), found, told.period)
    if picture:
        from cli.report.picture import draw  # noqa: PLC0415 - importing it takes half a second

        draw(picture, told.account, told.period, figures)
        Console(stderr=True).print(f"drawn into {picture}", highlight=False, soft_wrap=True)
