"""A burst of calls, in steps of a tenth of a second: the API, Lambda's environments, the queue, its pollers, FCM.

Within a step things are counted, not told apart; pushes wait in the queue in the order of their arrival, so that each
one's wait is known to a step. A million pushes take no longer than ten, and a run with the same seed is the same run.
"""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.quotas.arrivals import STEP
from benchmarks.quotas.demand import LONGEST, Demand
from benchmarks.quotas.limits import Limits
from benchmarks.quotas.parts import Bucket, Environments, Messages, Pollers

BATCH = 10  # pushes: the event source's BatchSize
ACCEPT, DELIVER, RECORD = "AcceptPushFunction", "DeliverPushFunction", "RecordCallFunction"
PATIENCE_SECONDS = 3600  # after the last arrival: then whatever is left counts as waiting


@dataclass
class Outcome:
    """What became of the calls' pushes, in numbers of pushes; waits in seconds, from the queue to FCM's yes."""

    calls: int = 0
    refused: float = 0.0  # by the API or for lack of an environment: Exotel is told so
    rang: float = 0.0
    stale: float = 0.0
    over_quota: float = 0.0  # of FCM, whose minute is longer than a phone rings
    waiting: float = 0.0
    not_connected: float = 0.0  # calls whose Dial Whom was refused
    waits: list[tuple[float, float]] = field(default_factory=list)  # seconds, and pushes that waited so

    @property
    def missed(self) -> float:
        """Return the share of calls whose phone did not ring in time."""
        return 1 - self.rang / self.calls if self.calls else 0.0

    def wait(self, share: float) -> float:
        """Return the wait that this share of the pushes that rang did not exceed."""
        left = share * self.rang
        for seconds, pushes in sorted(self.waits):
            left -= pushes
            if left <= 0:
                return seconds
        return max((seconds for seconds, _ in self.waits), default=0.0)


class Simulation:
    """One burst under some limits."""

    def __init__(self, begun: Sequence[int], limits: Limits, demand: Demand) -> None:
        self.begun, self.limits, self.demand = begun, limits, demand
        self.outcome = Outcome(calls=sum(begun))
        self._api = Bucket(limits.api_rate, limits.api_burst)
        self._environments = Environments(limits, demand.start_seconds)
        self._pollers, self._fact_pollers = Pollers(limits), Pollers(limits)
        self._fcm = Messages(limits.fcm_a_minute)
        self._queue: deque[tuple[int, float]] = deque()  # the step of arrival, and pushes
        self._facts = 0.0
        self._dial_whom, self._accept = demand.asked("dial whom"), demand.asked("accept push")
        self._connected: dict[int, float] = {}  # calls by the step at which they began, once Dial Whom has answered

    def run(self) -> Outcome:
        """Play it to the end: until the queue of pushes is empty."""
        last = len(self.begun) + round(LONGEST / STEP)
        step = 0
        while step < last or (self._queue and step < last + PATIENCE_SECONDS / STEP):
            self._step(step)
            step += 1
        self.outcome.waiting = self._backlog()
        return self.outcome

    def _step(self, step: int) -> None:
        wanted = {
            asked: self._calls(step, asked.after) * asked.times
            for asked in self.demand.requests
            if asked is not self._accept
        }
        pushes = self._connected.pop(step - round(self._accept.after / STEP), 0.0)
        self._facts += sum(self._calls(step, after) * times for after, times in self.demand.facts)
        through = self._api.take(sum(wanted.values()) + pushes)
        backlog, batch = self._backlog(), self._batch()
        most = self._pollers.now * STEP / self.demand.batch_seconds(batch) * batch
        deliver = min(backlog, most, self.limits.table_writes * STEP / self.demand.push_writes)
        record = min(self._facts, self._fact_pollers.now * STEP / self.demand.fact_seconds)
        seconds: Counter[str] = Counter({RECORD: record * self.demand.fact_seconds})
        for asked, number in wanted.items():
            seconds[asked.function] += number * through * asked.seconds  # type: ignore[assignment]
        seconds[ACCEPT] += pushes * through * self._accept.seconds  # type: ignore[assignment]
        seconds[DELIVER] = deliver / batch * self.demand.batch_seconds(batch)  # type: ignore[assignment]
        shares = self._environments.shares(seconds)
        self._dial(step, through * shares[self._dial_whom.function])
        self._accept_pushes(step, pushes, through * shares[ACCEPT])
        self._facts -= record * shares[RECORD]
        self._deliver(step, deliver * shares[DELIVER], self.demand.batch_seconds(batch))
        self._pollers.turn(busy=backlog > self._pollers.now * BATCH)
        self._fact_pollers.turn(busy=self._facts > record)
        self._fcm.turn()

    def _dial(self, step: int, served: float) -> None:
        """Let those calls go on whose Dial Whom was served."""
        if asking := self._calls(step, self._dial_whom.after):
            self.outcome.not_connected += asking * (1 - served)
            self._connected[step - round(self._dial_whom.after / STEP)] = asking * served

    def _accept_pushes(self, step: int, pushes: float, served: float) -> None:
        if pushes:
            self.outcome.refused += pushes * (1 - served)
            self._queue.append((step, pushes * served))

    def _deliver(self, step: int, pushes: float, seconds: float) -> None:
        while pushes > 0 and self._queue:
            arrived, waiting = self._queue[0]
            taken = min(pushes, waiting)
            self._end(taken, (step - arrived) * STEP, seconds)
            pushes -= taken
            self._queue[0] = (arrived, waiting - taken)
            if waiting - taken <= 1e-9:
                self._queue.popleft()

    def _end(self, pushes: float, waited: float, seconds: float) -> None:
        if waited >= self.demand.ring_seconds:
            self.outcome.stale += pushes
            return
        sent = min(pushes, self._fcm.left / self.demand.devices)
        self._fcm.left -= sent * self.demand.devices
        self.outcome.over_quota += pushes - sent
        self.outcome.rang += sent
        self.outcome.waits.append((waited + seconds, sent))

    def _calls(self, step: int, after: float) -> int:
        began = step - round(after / STEP)
        return self.begun[began] if 0 <= began < len(self.begun) else 0

    def _backlog(self) -> float:
        return sum(pushes for _, pushes in self._queue)

    def _batch(self) -> float:
        return min(BATCH, max(1.0, self._backlog() / self._pollers.now))


def simulate(begun: Sequence[int], limits: Limits, demand: Demand) -> Outcome:
    """Return what became of the calls that began in each step."""
    return Simulation(begun, limits, demand).run()
