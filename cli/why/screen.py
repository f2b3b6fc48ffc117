"""Prints an explanation to the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli import time_formats
from cli.why.diagnosis.case import Finding, Severity
from cli.why.explanation import CallExplanation, Step, SubscriberExplanation, headline

_STYLES = {Severity.PROBLEM: "bold red", Severity.NOTE: "yellow", Severity.HISTORY: "dim"}


class WhyScreen:
    """Prints to a console."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def call(self, explained: CallExplanation) -> None:
        """Show a call: its result, its parties, every step, and the other findings."""
        self._console.print(Text(f"Call {explained.id} of account {explained.account}", style="bold"))
        self._verdict(explained)
        self._rest(explained)

    def subscriber(self, explained: SubscriberExplanation) -> None:
        """Show a subscriber's findings, their calls in short, and the newest call in full."""
        self._console.print(Text(f"Subscriber {explained.name} of account {explained.account}", style="bold"))
        first, newest = headline(explained.findings), explained.calls[0] if explained.calls else None
        if first is None and newest and newest.has_problem:
            self._console.print(Text(f"Their newest call, {newest.id}, went wrong:", style=_STYLES[Severity.PROBLEM]))
            self._verdict(newest)
        elif first is None:
            self._console.print(Text("No problem is known.", style="bold green"))
        self.findings(sorted(explained.findings, key=lambda found: found is not first))
        if newest is None:
            return
        self._console.print(_calls(explained.calls))
        if first is None and newest.has_problem:
            self._rest(newest)
        else:
            self.call(newest)

    def _verdict(self, explained: CallExplanation) -> None:
        if explained.headline:
            self.findings([explained.headline])
        else:
            self._console.print(Text(explained.verdict, style="bold green"))

    def _rest(self, explained: CallExplanation) -> None:
        for line in _head(explained):
            self._console.print(Text(line))
        if explained.steps:
            self._console.print(_timeline(explained.steps))
        self.findings([found for found in explained.findings if found is not explained.headline])

    def findings(self, findings: Sequence[Finding]) -> None:
        """Show findings in lines, with what to do."""
        for found in findings:
            self._console.print(Text(f"{found.severity}: {found.what}", style=_STYLES[found.severity]))
            self._console.print(Text(f"    seen:  {found.evidence}"))
            self._console.print(Text(f"    to do: {found.fix}"))


def _head(explained: CallExplanation) -> list[str]:
    """Return lines with the parties and the call's other ids."""
    summary = explained.summary
    lines = []
    if summary.started_at is not None:
        lines.append(f"{summary.caller or '?'} calls {summary.callee or '?'}, {time_formats.here(summary.started_at)}")
    ids = {"CallSid": summary.call_sid, "push": ", ".join(summary.push_ids), "session": ", ".join(summary.session_ids)}
    others = [f"{name} {value}" for name, value in ids.items() if value and value != explained.id]
    return [*lines, *(["; ".join(others)] if others else [])]


def _timeline(steps: Sequence[Step]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in (time_formats.zone_of(steps[0].event.at), "after", "what", "whose"):
        table.add_column(column, no_wrap=True, justify="right" if column == "after" else "left")
    table.add_column("details", overflow="fold")
    for step in steps:
        details = ", ".join(f"{name} {value}" for name, value in step.details.items())
        row = (
            time_formats.of_day(step.event.at),
            f"{step.after} ms",
            str(step.event.kind),
            step.event.subscriber or "",
        )
        table.add_row(*map(Text, row), Text(details))
    return table


def _calls(calls: Sequence[CallExplanation]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("began", "caller", "callee", "outcome", "problem", "call"):
        table.add_column(column, no_wrap=column != "call", overflow="fold")
    for call in calls:
        summary = call.summary
        began = time_formats.here(summary.started_at) if summary.started_at else ""
        problem = call.headline.code if call.headline else ""
        row = (began, summary.caller or "", summary.callee or "", summary.outcome or "", problem, call.id)
        table.add_row(*map(Text, row))
    return table
