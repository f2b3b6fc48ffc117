"""The limits on a request's way: token buckets, tables' units, environments. Each is checked once per step."""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.cost.measuring.units import Taken
from benchmarks.quotas.arrivals import STEP
from benchmarks.quotas.limits import Limits

type Work = tuple[str, float, float]  # a function, how many times, and for how many seconds each

BY_CHANCE = 2000  # environments: with more of them, how requests happen to overlap no longer matters


@dataclass
class Bucket:
    """Tokens that refill steadily, up to a burst."""

    rate: float
    burst: float
    tokens: float = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def take(self, wanted: float) -> float:
        """Return the share of what is wanted that is granted."""
        if not wanted:
            return 1.0
        granted = min(wanted, self.tokens)
        self.tokens -= granted
        return granted / wanted

    def refill(self, seconds: float = STEP) -> None:
        self.tokens = min(self.burst, self.tokens + self.rate * seconds)


class Tables:
    """The units a second that each table takes; those of a second can be taken at once."""

    def __init__(self, limits: Limits) -> None:
        self._rates = limits.table_writes, limits.table_reads
        self._buckets: dict[tuple[str, int], Bucket] = {}

    def take(self, jobs: Sequence[tuple[float, Taken]]) -> list[float]:
        """Return the share of each job, so many times so many units of tables, for which all its tables have room."""
        if math.inf == min(self._rates):
            return [1.0] * len(jobs)
        wanted: Counter[tuple[str, int]] = Counter()
        for number, units in jobs:
            for table, sides in units.items():
                for side, each in enumerate(sides):
                    wanted[table, side] += number * each  # type: ignore[assignment]
        shares = {key: self._bucket(key).take(units) for key, units in wanted.items()}
        return [min((shares[table, side] for table in units for side in (0, 1)), default=1.0) for _, units in jobs]

    def refill(self) -> None:
        for bucket in self._buckets.values():
            bucket.refill()

    def _bucket(self, key: tuple[str, int]) -> Bucket:
        rate = self._rates[key[1]]
        return self._buckets.setdefault(key, Bucket(rate, rate))


class Environments:
    """Of all functions: each starts more as fast as Lambda lets it, within the account's concurrency."""

    def __init__(self, limits: Limits, start_seconds: float) -> None:
        self._limits = limits
        self._known: defaultdict[str, float] = defaultdict(lambda: 1.0)  # environments; each function was in use before
        self._starts: defaultdict[str, Bucket] = defaultdict(lambda: Bucket(limits.starts, limits.starts_at_once))
        self._running: defaultdict[str, list[float]] = defaultdict(list)  # environments in each of the next steps
        self._starting: deque[float] = deque(maxlen=round(start_seconds / STEP))  # in each of the last steps

    def shares(self, work: Sequence[Work]) -> dict[str, float]:
        """Return the share of each function's work that runs, from this step on; the other is turned away."""
        loads = Counter({name: runs[0] if runs else 0.0 for name, runs in self._running.items()})
        for function, number, seconds in work:
            loads[function] += number * min(1.0, seconds / STEP)  # type: ignore[assignment]
        found = 1 - blocked(self._limits.concurrency, sum(loads.values()) + sum(self._starting))
        new, shares = 0.0, {}
        for name, load in loads.items():
            lacking = max(0.0, load - self._known[name])
            started = lacking * self._starts[name].take(lacking)
            self._starts[name].refill()
            self._known[name] += started
            new += started
            shares[name] = min(found, self._known[name] / load if load else 1.0, 1.0)
        self._starting.append(new)
        self._run(work, shares)
        return shares

    def _run(self, work: Sequence[Work], shares: Mapping[str, float]) -> None:
        """Keep what runs for longer than a step running in the next ones."""
        for runs in self._running.values():
            del runs[:1]
        for function, number, seconds in work:
            runs = self._running[function]
            later = seconds / STEP - 1
            runs += [0.0] * (math.ceil(later) - len(runs))
            for step in range(math.ceil(later)):
                runs[step] += number * shares[function] * min(1.0, later - step)


def blocked(environments: float, load: float) -> float:
    """Return the share of requests that find all environments busy, `load` of which they would keep busy (Erlang B)."""
    if load <= 0 or math.isinf(environments):
        return 0.0
    if environments > BY_CHANCE or load < environments / 3:
        return max(0.0, 1 - environments / load)
    inverse = 1.0
    for busy in range(1, int(environments) + 1):
        inverse = 1 + busy / load * inverse
    return 1 / inverse
