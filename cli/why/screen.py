"""An explanation on the operator's screen."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli import moments
from cli.why.explanation import CallExplanation, Step, SubscriberExplanation
from switchboard.domain.diagnosis.case import Finding, Weight

_STYLES = {Weight.PROBLEM: "bold red", Weight.NOTE: "yellow"}


class WhyScreen:
    """Prints to a console."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def call(self, told: CallExplanation) -> None:
        """Show a call: who, when, every step, and what was found."""
        self._console.print(Text(f"Call {told.id} of account {told.account}", style="bold"))
        for line in _head(told):
            self._console.print(Text(line))
        if told.steps:
            self._console.print(_timeline(told.steps))
        self.findings(told.findings)
        self._console.print(Text(told.verdict, style=_STYLES[Weight.PROBLEM] if told.has_problem else "bold green"))

    def subscriber(self, told: SubscriberExplanation) -> None:
        """Show how they stand, their calls in short, and the newest one in full."""
        self._console.print(Text(f"Subscriber {told.name} of account {told.account}", style="bold"))
        self.findings(told.findings)
        if not told.findings:
            self._console.print(Text("Nothing stands in their way."))
        if told.calls:
            self._console.print(_calls(told.calls))
            self.call(told.calls[0])

    def findings(self, findings: Sequence[Finding]) -> None:
        """Show findings one under the other, with what to do."""
        for found in findings:
            self._console.print(Text(f"{found.weight}: {found.what}", style=_STYLES[found.weight]))
            self._console.print(Text(f"    seen:  {found.evidence}"))
            self._console.print(Text(f"    to do: {found.mend}"))


def _head(told: CallExplanation) -> list[str]:
    """Return the parties, and the other ids under which others know the call."""
    summary = told.summary
    lines = []
    if summary.started_at is not None:
        lines.append(f"{summary.caller or '?'} calls {summary.callee or '?'}, {moments.utc(summary.started_at)}")
    ids = {"CallSid": summary.call_sid, "push": ", ".join(summary.push_ids), "session": ", ".join(summary.session_ids)}
    others = [f"{name} {value}" for name, value in ids.items() if value and value != told.id]
    return [*lines, *(["; ".join(others)] if others else [])]


def _timeline(steps: Sequence[Step]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("UTC", "after", "what", "whose"):
        table.add_column(column, no_wrap=True, justify="right" if column == "after" else "left")
    table.add_column("details", overflow="fold")
    for step in steps:
        details = ", ".join(f"{name} {value}" for name, value in step.details.items())
        row = (moments.of_day(step.event.at), f"{step.after} ms", str(step.event.kind), step.event.subscriber or "")
        table.add_row(*map(Text, row), Text(details))
    return table


def _calls(calls: Sequence[CallExplanation]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("began (UTC)", "caller", "callee", "outcome", "call"):
        table.add_column(column, no_wrap=column != "call", overflow="fold")
    table.add_column("in short", overflow="fold")
    for call in calls:
        summary = call.summary
        began = moments.utc(summary.started_at)[:19] if summary.started_at else ""
        row = (began, summary.caller or "", summary.callee or "", summary.outcome or "", call.id, call.verdict)
        table.add_row(*map(Text, row))
    return table
