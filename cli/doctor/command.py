"""`switchboard doctor`: the command."""

import json
from collections.abc import Sequence

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli import options, target
from cli.doctor.examination import Examination
from cli.doctor.findings import Finding, State
from cli.errors import PROBLEM

_STYLES = {State.FINE: "green", State.NOTE: "yellow", State.PROBLEM: "bold red"}


def doctor(
    *,
    stack_name: options.Stack = "switchboard",
    local: options.Local = False,
    as_json: options.AsJson = False,
    profile: options.Profile = None,
    region: options.Region = None,
) -> None:
    """Check a deployment end to end, and say how to mend what is wrong. Exits with 1 where something is."""
    examination = Examination(target.choose(stack_name, local=local, profile=profile, region=region))
    with Console(stderr=True).status("Looking at the stack") as status:
        found = list(examination.findings(lambda what: status.update(f"Looking at {what}")))
    if as_json:
        print(json.dumps([finding.as_json() for finding in found], indent=2))
    else:
        _show(Console(), found)
    if any(finding.state is State.PROBLEM for finding in found):
        raise typer.Exit(PROBLEM)


def _show(console: Console, found: Sequence[Finding]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("", "area", "what"):
        table.add_column(column, no_wrap=True)
    table.add_column("seen", overflow="fold")
    for one in found:
        seen = Text(one.seen)
        if one.mend:
            seen.append(f"\nto do: {one.mend}", style="italic")
        table.add_row(Text(one.state, style=_STYLES[one.state]), Text(one.area), Text(one.name), seen)
    console.print(table)
    problems = sum(one.state is State.PROBLEM for one in found)
    verdict = f"{problems} of {len(found)} checks found a problem." if problems else "All is well."
    console.print(Text(verdict, style=_STYLES[State.PROBLEM if problems else State.FINE]))
