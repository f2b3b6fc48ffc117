"""A burst of calls, in steps of a tenth of a second: the API, Lambda, tables, the queues and their pollers, FCM.

Within a step things are counted, not told apart; pushes wait in the order of their arrival, so that each one's wait is
known to a step. A million pushes take no longer than ten, and a run with the same seed is the same run.
"""

from collections.abc import Mapping, Sequence

from benchmarks.quotas.arrivals import MINUTE, STEP
from benchmarks.quotas.backlogs import Backlog
from benchmarks.quotas.demand import ACCEPT, CHAIN, LONGEST, REPORTS, Asked, Demand
from benchmarks.quotas.limits import Limits
from benchmarks.quotas.outcome import Outcome
from benchmarks.quotas.throttles import Bucket, Environments, Tables, Work


class Simulation:
    """One burst under some limits."""

    def __init__(self, begun: Sequence[int], limits: Limits, demand: Demand) -> None:
        self.demand = demand
        self.outcome = Outcome(calls=sum(begun))
        self._begun = begun
        self._alive = [float(calls) for calls in begun]  # those that got through what the phones' ringing needs
        self._api = Bucket(limits.api_rate, limits.api_burst)
        self._reports = {step: Bucket(limits.report_rate, limits.report_burst) for step in REPORTS}
        self._invocations = Bucket(limits.invocations, limits.invocations)
        self._environments = Environments(limits, demand.start_seconds)
        self._tables = Tables(limits)
        first, more, most = limits.pollers_at_first, limits.pollers_more, limits.pollers_most
        self._pushes = Backlog(demand.pushes, first, more, most)
        self._streams = [Backlog(one, limits.shards) for one in demand.streams]
        self._backlogs = (self._pushes, *self._streams)
        self._fcm = Bucket(limits.fcm_a_minute / 60, limits.fcm_a_minute)

    def run(self) -> Outcome:
        """Play it until a minute after the last call."""
        for step in range(len(self._begun) + round(LONGEST / STEP) + MINUTE):
            self._step(step)
        self.outcome.waiting = self._pushes.waiting
        self.outcome.unread = sum(one.waiting for one in self._streams)
        return self.outcome

    def _step(self, step: int) -> None:
        self._tell(step)
        came = {asked: self._wanted(step, asked) for asked in self.demand.requests}
        asking = self._let_in(came)
        working = {backlog: backlog.wanted() for backlog in self._backlogs}
        batches = sum(number / backlog.batch for backlog, number in working.items())
        turn = self._invocations.take(sum(asking.values()) + batches)
        asking, working = _share_of(asking, turn), _share_of(working, turn)
        room = self._environments.shares(_work(asking, working))
        jobs = [(number, one.units) for one, number in asking.items()]
        jobs += [(number, one.brought.units) for one, number in working.items()]
        jobs.append((working[self._pushes], self.demand.pushes.aside))
        shares = iter(self._tables.take(jobs))
        for asked, number in asking.items():
            self._answer(step, asked, came[asked], number * room[asked.function] * next(shares))
        for backlog, number in working.items():
            self._work_off(step, backlog, number * room[backlog.brought.function] * next(shares))
        self._turn(step)

    def _let_in(self, came: Mapping[Asked, float]) -> dict[Asked, float]:
        """Return what the API's throttles let in: one for each kind of report, and one for all other requests."""
        calls = self._api.take(sum(number for asked, number in came.items() if asked.step not in REPORTS))
        shares = {step: self._reports[step].take(_all(came, step)) for step in REPORTS}
        return {asked: number * shares.get(asked.step, calls) for asked, number in came.items()}

    def _turn(self, step: int) -> None:
        """Refill what was used up, once an interval of each is over."""
        for bucket in (self._api, *self._reports.values(), self._invocations):
            bucket.refill()
        self._tables.refill()
        if step % MINUTE == 0:
            self._fcm.refill(60)
        for backlog in self._backlogs:
            backlog.turn()

    def _tell(self, step: int) -> None:
        """Put what the calls leave for their histories into the streams."""
        for backlog in self._streams:
            told = sum(self._calls(step, after) * number for after, number in backlog.brought.told)
            self.outcome.told += told
            backlog.put(step, told)

    def _wanted(self, step: int, asked: Asked) -> float:
        """Return how many requests come: those that a phone's ringing needs only of calls that got so far."""
        if asked.step in CHAIN:
            began = step - round(asked.after / STEP)
            return self._alive[began] if 0 <= began < len(self._alive) else 0.0
        return self._calls(step, asked.after) * asked.times

    def _answer(self, step: int, asked: Asked, came: float, served: float) -> None:
        """Let those calls go on whose request was served."""
        began = step - round(asked.after / STEP)
        if asked.step not in CHAIN or not 0 <= began < len(self._alive):
            return
        self._alive[began] = served
        if asked.function == ACCEPT:
            self.outcome.refused += came - served
            self._pushes.put(step, served)
        else:
            self.outcome.not_connected += came - served

    def _work_off(self, step: int, backlog: Backlog, number: float) -> None:
        for arrived, taken in backlog.take(number):
            if backlog is not self._pushes:
                continue
            if (step - arrived) * STEP >= self.demand.ring_seconds:
                self.outcome.stale += taken
            else:
                sent = taken * self._fcm.take(taken * self.demand.devices)
                self.outcome.over_quota += taken - sent
                self.outcome.rang += sent

    def _calls(self, step: int, after: float) -> int:
        began = step - round(after / STEP)
        return self._begun[began] if 0 <= began < len(self._begun) else 0


def _all(came: Mapping[Asked, float], step: str) -> float:
    return sum(number for asked, number in came.items() if asked.step == step)


def _share_of[K](numbers: Mapping[K, float], share: float) -> dict[K, float]:
    return {what: number * share for what, number in numbers.items()}


def _work(asking: Mapping[Asked, float], working: Mapping[Backlog, float]) -> list[Work]:
    asked = [(one.function, number, one.seconds) for one, number in asking.items()]
    batches = ((one.brought, number, one.batch) for one, number in working.items())
    return asked + [(brought.function, number / batch, brought.seconds(batch)) for brought, number, batch in batches]


def simulate(begun: Sequence[int], limits: Limits, demand: Demand) -> Outcome:
    """Return what became of the calls that began in each step."""
    return Simulation(begun, limits, demand).run()
