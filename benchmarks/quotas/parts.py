"""What a burst meets on its way: throttled API, environments, pollers, a quota of messages a minute."""

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.quotas.arrivals import STEP
from benchmarks.quotas.limits import Limits

MINUTE = 60
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
        """Return the share of what is wanted that is granted, and move on by a step."""
        granted = min(wanted, self.tokens)
        self.tokens = min(self.burst, self.tokens - granted + self.rate * STEP)
        return granted / wanted if wanted else 1.0


@dataclass
class Function:
    """A function's environments; `starting` are those that begin to start in each of the last steps."""

    steps_to_start: int
    known: float = 1.0  # it was in use before
    starting: deque[float] = field(default_factory=deque)

    def turn(self, load: float, most: float) -> float:
        """Start what is lacking, at most `most`; return the share that finds an environment, be it one that starts."""
        room = self.known + most
        new = max(0.0, min(load - self.known, most))
        self.known += new
        self.starting.append(new)
        if len(self.starting) > self.steps_to_start:
            self.starting.popleft()
        return 1 - blocked(room, load)


@dataclass
class Environments:
    """Of all functions: each starts more as fast as Lambda lets it, within the account's concurrency."""

    limits: Limits
    start_seconds: float
    functions: dict[str, Function] = field(default_factory=dict)

    def shares(self, wanted_seconds: Mapping[str, float]) -> dict[str, float]:
        """Return, of each function's wanted seconds, the share that runs in this step; the others are turned away."""
        starting = sum(sum(one.starting) for one in self.functions.values())
        load = sum(wanted_seconds.values()) / STEP + starting
        found = 1 - blocked(self.limits.concurrency, load)
        most = self.limits.starts * STEP
        for name in wanted_seconds.keys() - self.functions.keys():
            self.functions[name] = Function(round(self.start_seconds / STEP))
        turned = {name: self.functions[name].turn(seconds / STEP, most) for name, seconds in wanted_seconds.items()}
        return {name: min(found, share) for name, share in turned.items()}


@dataclass
class Pollers:
    """Of one queue: five batches at a time, more while that is not enough, and fewer again as slowly."""

    limits: Limits
    now: float = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.limits.pollers_at_first

    def turn(self, *, busy: bool) -> None:
        if self.now < math.inf:
            change = self.limits.pollers_more * STEP
            changed = self.now + change if busy else self.now - change
            self.now = max(self.limits.pollers_at_first, min(changed, self.limits.pollers_most))


@dataclass
class Messages:
    """So many a minute, all at once if need be."""

    a_minute: float
    left: float = field(init=False)
    _elapsed: float = 0.0

    def __post_init__(self) -> None:
        self.left = self.a_minute

    def turn(self) -> None:
        self._elapsed += STEP
        if self._elapsed >= MINUTE:
            self._elapsed, self.left = 0.0, self.a_minute


def blocked(environments: float, load: float) -> float:
    """Return the share of requests that find all environments busy, `load` of which they would keep busy (Erlang B)."""
    if load <= 0:
        return 0.0
    if math.isinf(environments):
        return 0.0
    if environments > BY_CHANCE or load < environments / 3:
        return max(0.0, 1 - environments / load)
    inverse = 1.0
    for busy in range(1, int(environments) + 1):
        inverse = 1 + busy / load * inverse
    return 1 / inverse
