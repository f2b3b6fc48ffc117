"""`switchboard why`: finds the call or the subscriber, and explains it."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli import options
from cli.chosen import Chosen
from cli.errors import PROBLEM, OperatorError
from cli.target import Target
from cli.why.diagnosis.case import Case, Party
from cli.why.diagnosis.dialling import id_unknown
from cli.why.diagnosis.subscriber import SubscriberCase, diagnose_subscriber, logins_refused
from cli.why.explanation import CallExplanation, SubscriberExplanation
from cli.why.records import Records
from cli.why.report import page
from cli.why.screen import WhyScreen
from switchboard.foundation.errors import InvalidFieldError
from switchboard.subscribers.subscriber import valid_name

_NEWEST = 5

EACH_LINE = "-"

What = Annotated[
    str,
    typer.Argument(
        help="A CallSid, pushId, SDK session or a subscriber's name. With --json, - reads them from standard input.",
        show_default=False,
    ),
]
Report = Annotated[
    Path | None, typer.Option(help="Also write an HTML page with what Exotel's support asks for.", dir_okay=False)
]


def why(
    context: typer.Context,
    what: What,
    *,
    account: options.OfAccount = None,
    report: Report = None,
) -> None:
    """Show what went wrong on a call, what to do, and all its events. Exits with 1 if there is a problem."""
    if not what.strip():
        raise OperatorError("WHAT is empty: give a CallSid, pushId, SDK session or a subscriber's name")
    chosen = Chosen.by(context)
    target = chosen.target()
    if what == EACH_LINE:
        _each_line(target, account, chosen)
        return
    with Console(stderr=True).status("Reading the records"):
        explained = Explainer(target, account).explain(what)
    if report is not None:
        _write(report, explained)
    if chosen.as_json:
        print(json.dumps(explained.as_json(), indent=2))
    elif isinstance(explained, CallExplanation):
        WhyScreen(Console()).call(explained)
    else:
        WhyScreen(Console()).subscriber(explained)
    if explained.has_problem:
        raise typer.Exit(PROBLEM)


def _each_line(target: Target, account: str | None, chosen: Chosen) -> None:
    """Explain what each line of standard input names, as one line of JSON; a failure is `{"error"}`."""
    if not chosen.as_json:
        raise OperatorError("- reads ids from standard input and prints JSON: say --json before the command")
    for what in _lines():
        try:
            explained = Explainer(target, account).explain(what).as_json()
        except OperatorError as error:
            explained = {"error": str(error)}
        print(json.dumps(explained), flush=True)


def _lines() -> Iterator[str]:
    """Yield what stands on each line as soon as it comes."""
    for line in iter(sys.stdin.readline, ""):
        if what := line.strip():
            yield what


@dataclass(frozen=True)
class Explainer:
    """Explains calls and subscribers from a deployment's records; `account` names one Exotel account."""

    target: Target
    account: str | None

    def explain(self, what: str) -> CallExplanation | SubscriberExplanation:
        """Return the explanation of a call or a subscriber. Raises OperatorError."""
        for records in self._all_records():
            events = records.events(what)
            if events:
                return CallExplanation(records.sid, what, records.case(events))
        records = Records(self.target, self.target.account(self.account))
        return self._subscriber(records, what) if _is_name(what) else _unknown_call(records, what)

    def _all_records(self) -> list[Records]:
        sids = [self.target.account(self.account)] if self.account else self.target.accounts
        return [Records(self.target, sid) for sid in sids]

    def _subscriber(self, records: Records, name: str) -> SubscriberExplanation:
        calls = [_call(records, call) for call in records.newest(name, _NEWEST)]
        return SubscriberExplanation(records.sid, name, diagnose_subscriber(records.subscriber_case(name)), calls)


def _call(records: Records, call: str) -> CallExplanation:
    return CallExplanation(records.sid, call, records.case(records.events(call)))


def _unknown_call(records: Records, call: str) -> CallExplanation:
    """Explain an unknown id: the possible reasons why no request of the call arrived."""
    case = Case(())
    unknown = SubscriberCase(Party("", None), called=False, refusals=records.refused_logins())
    return CallExplanation(records.sid, call, case, (id_unknown(call), *logins_refused(unknown)))


def _is_name(text: str) -> bool:
    try:
        return bool(valid_name(text))
    except InvalidFieldError:
        return False


def _write(path: Path, explained: CallExplanation | SubscriberExplanation) -> None:
    calls = [explained] if isinstance(explained, CallExplanation) else explained.calls
    if not calls:
        raise OperatorError("there is no call to report: give a CallSid")
    try:
        path.write_text(page(calls[0]), encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {error.strerror}") from error
