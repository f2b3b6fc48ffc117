"""The explanation of a call or a subscriber, ready to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cli import time_formats
from cli.why.diagnosis.case import Case, Finding, Severity
from cli.why.diagnosis.rules import diagnose
from switchboard.timeline.event import Event
from switchboard.timeline.summary import CallSummary


@dataclass(frozen=True)
class Step:
    """One event of a timeline; `after` is in milliseconds from the first one."""

    event: Event
    after: int

    @property
    def details(self) -> Mapping[str, str]:
        """The event's details as text; times are times of day."""
        details = self.event.details
        times = {
            name: time_formats.of_day(at)
            for name, at in details.items()
            if name.endswith("_at") and isinstance(at, int)
        }
        return {**self._raw_details, **times}

    @property
    def _raw_details(self) -> Mapping[str, str]:
        return {name: str(value) for name, value in sorted(self.event.details.items()) if value not in (None, "")}

    def as_json(self) -> dict[str, Any]:
        """Return the step as JSON."""
        return {
            "at": time_formats.iso(self.event.at),
            "after_ms": self.after,
            "kind": self.event.kind,
            "subscriber": self.event.subscriber,
            "id": self.event.call,
            "details": dict(self._raw_details),
        }


def headline(findings: Sequence[Finding]) -> Finding | None:
    """Return the first problem among the findings."""
    return next((found for found in findings if found.severity is Severity.PROBLEM), None)


@dataclass(frozen=True)
class CallExplanation:
    """A call: its timeline and its findings. `id` is the id that was given, `also` are findings without a call."""

    account: str
    id: str
    case: Case
    also: Sequence[Finding] = ()
    findings: Sequence[Finding] = field(init=False)

    def __post_init__(self) -> None:
        """All findings, in the order of the call's steps."""
        object.__setattr__(self, "findings", [*self.also, *diagnose(self.case)])

    @property
    def steps(self) -> Sequence[Step]:
        """The timeline in order."""
        events = self.case.events
        return [Step(event, event.at - events[0].at) for event in events]

    @property
    def summary(self) -> CallSummary:
        """The call's summary."""
        return self.case.summary

    @property
    def headline(self) -> Finding | None:
        """The first problem, at which the call stopped."""
        return headline(self.findings)

    @property
    def verdict(self) -> str:
        """The result in one sentence."""
        if self.headline:
            return self.headline.what
        if any(found.severity is Severity.HISTORY for found in self.findings):
            return "The causes of the failure have been fixed since."
        outcome = f" It was {self.summary.outcome}." if self.summary.outcome else ""
        return f"No problem is known.{outcome}"

    @property
    def has_problem(self) -> bool:
        """Whether there is a problem that still exists."""
        return self.headline is not None

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        summary = {name: value for name, value in asdict(self.summary).items() if value not in (None, (), {})}
        return {
            "id": self.id,
            "account": self.account,
            "verdict": self.verdict,
            "summary": summary,
            "timeline": [step.as_json() for step in self.steps],
            "findings": [asdict(found) for found in self.findings],
        }


@dataclass(frozen=True)
class SubscriberExplanation:
    """A subscriber: their findings and newest calls."""

    account: str
    name: str
    findings: Sequence[Finding]
    calls: Sequence[CallExplanation]

    @property
    def has_problem(self) -> bool:
        """Whether they, or their newest call, have a problem."""
        return headline(self.findings) is not None or any(call.has_problem for call in self.calls[:1])

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "subscriber": self.name,
            "account": self.account,
            "findings": [asdict(found) for found in self.findings],
            "calls": [call.as_json() for call in self.calls],
        }
