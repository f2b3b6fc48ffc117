"""`switchboard doctor`: the command."""

import json
from collections.abc import Sequence

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli import aws, options
from cli.chosen import Chosen
from cli.doctor.before_deploy import answers, saved
from cli.doctor.before_deploy import before_deploy as checks_before_deploy
from cli.doctor.examination import Examination
from cli.doctor.findings import Finding, State
from cli.doctor.hot_start import account_limit
from cli.errors import PROBLEM

_STYLES = {State.FINE: "green", State.NOTE: "yellow", State.PROBLEM: "bold red"}


def doctor(
    context: typer.Context,
    *,
    before_deploy: options.BeforeDeploy = False,
) -> None:
    """Check a deployment end to end, and say how to fix each problem. Exits with 1 if there is one."""
    chosen = Chosen.by(context)
    found = _before_deploy(chosen) if before_deploy else _examined(Examination(chosen.target()))
    if chosen.as_json:
        print(json.dumps([finding.as_json() for finding in found], indent=2))
    else:
        _show(Console(), found)
    if any(finding.state is State.PROBLEM for finding in found):
        raise typer.Exit(PROBLEM)


def _examined(examination: Examination) -> Sequence[Finding]:
    with Console(stderr=True).status("Reading the stack") as status:
        return list(examination.findings(lambda what: status.update(f"Looking at {what}")))


def _before_deploy(chosen: Chosen) -> Sequence[Finding]:
    settings = saved()
    session = aws.session(chosen.profile or settings.get("profile"), chosen.region or settings.get("region"))
    return list(
        checks_before_deploy(answers(settings), session.region_name, lambda: account_limit(session.client("lambda")))
    )


def _show(console: Console, found: Sequence[Finding]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("", "area", "what"):
        table.add_column(column, no_wrap=True)
    table.add_column("seen", overflow="fold")
    for one in found:
        seen = Text(one.seen)
        if one.fix:
            seen.append(f"\nto do: {one.fix}", style="italic")
        table.add_row(Text(one.state, style=_STYLES[one.state]), Text(one.area), Text(one.name), seen)
    console.print(table)
    problems = sum(one.state is State.PROBLEM for one in found)
    verdict = f"{problems} of {len(found)} checks found a problem." if problems else "No problem found."
    console.print(Text(verdict, style=_STYLES[State.PROBLEM if problems else State.FINE]))
