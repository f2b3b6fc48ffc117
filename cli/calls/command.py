"""`switchboard calls`: lists the newest calls; `switchboard why` explains each."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli import options, time_formats
from cli.chosen import Chosen
from cli.report.scanned import Since, scanned
from cli.webhooks import DOCTOR
from switchboard.timeline.event import OF_APP, Event
from switchboard.timeline.summary import summarise

Most = Annotated[int, typer.Option(min=1, max=1000, help="How many, the newest first.")]


def calls(
    context: typer.Context,
    *,
    since: Since = "24h",
    most: Most = 50,
    account: options.OfAccount = None,
) -> None:
    """List the newest calls. Reads the whole Calls table."""
    chosen = Chosen.by(context)
    found = newest(scanned(chosen.target(), since, account).calls, most)
    if chosen.as_json:
        print(json.dumps(found, indent=2))
    else:
        _print(Console(), found)


def newest(told: Sequence[Sequence[Event]], most: int) -> list[Mapping[str, Any]]:
    """Return the newest calls, each given by its sorted events; times are epoch milliseconds.

    What the apps report without a call is none, and neither are doctor's own requests.
    """
    rows = [_row(events) for events in told if not events[0].call.startswith((OF_APP, DOCTOR))]
    return sorted(rows, key=lambda row: row["at"], reverse=True)[:most]


def _row(events: Sequence[Event]) -> Mapping[str, Any]:
    summary = summarise(events)
    return {
        "id": summary.call_sid or events[0].call,
        "at": events[0].at,
        "last_at": events[-1].at,
        "events": len(events),
        "caller": summary.caller,
        "callee": summary.callee,
        "outcome": summary.outcome,
        "talk_seconds": summary.talk_seconds,
        "ratings": dict(summary.ratings),
    }


def _print(console: Console, found: Sequence[Mapping[str, Any]]) -> None:
    table = Table("Started", "Call", "Caller", "Callee", "Outcome", box=None, pad_edge=False)
    table.columns[1].overflow = "fold"  # a CallSid is there to be copied
    for row in found:
        shown = (row["id"], row["caller"] or "?", row["callee"] or "?", row["outcome"] or "not reported")
        table.add_row(time_formats.here(row["at"]), *map(str, shown))
    console.print(table if found else "no calls in this period")
