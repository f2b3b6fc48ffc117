"""A period's figures, from its calls' events; a pure function, so that tests need no AWS."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from math import ceil

from cli.webhooks import DOCTOR
from switchboard.timeline.event import OF_APP, Event, Kind
from switchboard.timeline.summary import summarise

UNKNOWN = "unknown"  # the outcome of calls with too few events; the platform of phones that did not say it
SEVERAL = "several"
OUTCOMES = ("answered", "rejected", "missed", "failed", UNKNOWN)
_NO_FAILURE = ("accepted", "repeated", "busy", "ended")
_WHAT = {
    Kind.PUSH_SENT: ("push to a phone", "outcome", "reason"),
    Kind.PUSH_ENDED: ("push", "outcome", "reason"),
    Kind.SDK_ERROR: ("app", "type"),
}


@dataclass
class Figures:
    """The figures of a period. Latencies are in milliseconds, from Exotel's push until the push service accepted it.

    `acks` are the milliseconds from Exotel's push until the first app confirmed it, by the platform of the phones.
    """

    calls: dict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    ratings: Counter[int] = field(default_factory=Counter)
    issues: Counter[str] = field(default_factory=Counter)
    latencies: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    acks: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    failures: Counter[str] = field(default_factory=Counter)

    @property
    def outcomes(self) -> Mapping[str, int]:
        """The number of calls by outcome."""
        total = sum(self.calls.values(), Counter[str]())
        return {outcome: total[outcome] for outcome in OUTCOMES}

    @property
    def average_rating(self) -> float | None:
        """The mean of all ratings, None without any."""
        return sum(stars * n for stars, n in self.ratings.items()) / self.ratings.total() if self.ratings else None

    @property
    def all_latencies(self) -> Sequence[int]:
        """Every latency, unsorted."""
        return [one for day in self.latencies.values() for one in day]


def figures_of(calls: Iterable[Sequence[Event]]) -> Figures:
    """Return the figures of calls, each given by its sorted events; doctor's own requests do not count."""
    figures = Figures()
    for events in calls:
        if events[0].call == DOCTOR:
            continue
        if not events[0].call.startswith(OF_APP):
            figures.calls[_day(events[0].at)][summarise(events).outcome or UNKNOWN] += 1
        newest = {event.subscriber: event.details for event in events if event.kind is Kind.FEEDBACK}
        figures.ratings.update(rating for one in newest.values() if isinstance(rating := one.get("rating"), int))
        figures.issues.update(str(one["issue"]) for one in newest.values() if one.get("issue"))
        for event in events:
            latency = event.details.get("latency_ms")
            if event.kind is Kind.PUSH_SENT and isinstance(latency, int):
                figures.latencies[_day(event.at)].append(latency)
        for platform, took in acknowledged(events):
            figures.acks[platform].append(took)
        figures.failures.update(what for event in events if (what := failure(event)))
    return figures


def acknowledged(events: Sequence[Event]) -> Iterator[tuple[str, int]]:
    """Yield for each push of a call that an app confirmed the platform, and how long that took (milliseconds).

    SEVERAL where phones of both platforms took the push: an ack does not say which of them it is from.
    """
    platforms, first = defaultdict[object, set[str]](set), dict[object, int]()
    for event in events:
        push = event.details.get("push_id")
        if event.kind is Kind.PUSH_SENT and event.details.get("outcome") == "accepted":
            platforms[push].add(str(event.details.get("platform") or UNKNOWN))
        elif event.kind is Kind.PUSH_ACKNOWLEDGED:
            first.setdefault(push, event.at)
    for event in events:
        push = event.details.get("push_id")
        if event.kind is Kind.PUSH_ACCEPTED and push in first:
            known = platforms[push] or {UNKNOWN}
            yield known.pop() if len(known) == 1 else SEVERAL, max(0, first.pop(push) - event.at)


def failure(event: Event) -> str | None:
    """Return the name of the failure, if the event is one."""
    if event.kind is Kind.DIAL_WHOM:
        return None if event.details.get("callee") else "Dial Whom: no one to connect to"
    if event.kind not in _WHAT or event.details.get("outcome") in _NO_FAILURE:
        return None
    where, *names = _WHAT[event.kind]
    said = [str(event.details[name]) for name in names if event.details.get(name)]
    return f"{where}: {', '.join(said) or 'unknown'}"


def percentile(values: Sequence[int], percent: int) -> int | None:
    """Return a percentile: one of the values (nearest rank); None if there are none."""
    return sorted(values)[ceil(len(values) * percent / 100) - 1] if values else None


def _day(at: int) -> date:
    return datetime.fromtimestamp(at / 1000, UTC).date()
