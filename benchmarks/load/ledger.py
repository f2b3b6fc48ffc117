"""The outcome of the accepted calls: none may be missing."""

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BURST_SECONDS = 5.0  # within which a crowd that calls all at once is served, and steady callers call little


@dataclass(frozen=True)
class Call:
    """A call whose push was accepted; `at` in epoch seconds."""

    call: str
    caller: str
    callee: str
    payload: str
    at: float


@dataclass(frozen=True)
class Account:
    """How many pushes were accepted, and what became of them; `seconds` from accepted to the push service, sorted.

    `busiest` is how many at most were accepted within BURST_SECONDS.
    """

    accepted: int
    rung_once: int
    rung_again: int
    lost: int
    dead_letters: int
    unlisted: int
    seconds: Sequence[float]
    busiest: int

    @property
    def whole(self) -> bool:
        """Whether each rang exactly once and each is in its caller's history with how it ended."""
        return self.accepted > 0 and not (self.rung_again or self.lost or self.dead_letters or self.unlisted)


def read(ledger: Path) -> list[Call]:
    """Return the calls that locust's callers wrote down."""
    return [Call(**json.loads(line)) for line in ledger.read_text().splitlines()]


def account(
    calls: Sequence[Call],
    rung: Iterable[tuple[str, float]],
    dead_letters: int,
    listed: Mapping[str, str | None],
) -> Account:
    """Compare the calls with what rang: (payload, epoch seconds), one for each phone; each callee has one.

    `listed` has the outcome of each CallSid in the callers' histories.
    """
    times = dict[str, float]()
    rings = Counter[str]()
    for payload, at in rung:
        rings[payload] += 1
        times.setdefault(payload, at)
    counts = [rings[call.payload] for call in calls]
    return Account(
        accepted=len(calls),
        rung_once=counts.count(1),
        rung_again=sum(count > 1 for count in counts),
        lost=counts.count(0),
        dead_letters=dead_letters,
        unlisted=sum(listed.get(call.call) != "answered" for call in calls),
        seconds=sorted(max(0.0, times[call.payload] - call.at) for call in calls if call.payload in times),
        busiest=_busiest(sorted(call.at for call in calls)),
    )


def _busiest(times: Sequence[float]) -> int:
    counts = (bisect_left(times, begin + BURST_SECONDS) - before for before, begin in enumerate(times))
    return max(counts, default=0)
