"""What a call asks of the quotas, and when: from what benchmarks.cost measured."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.cost import stack
from benchmarks.cost.bill import VCPU_MB, Month
from benchmarks.cost.call import Call

# Seconds after the call's first request at which each thing asks the API; Exotel's events come by and by.
WHEN: Mapping[str, tuple[float, ...]] = {
    "set context": (0,),
    "dial whom": (1,),
    "accept push": (2,),
    "read context": (4,),
    "acknowledge push": (3,),
    "call event": (1, 2, 8, 40, 41),
    "SDK events": (42,),
    "feedback": (50,),
    "login": (0,),
    "register phone": (0,),
    "contacts": (0,),
    "call history": (60,),
    "log destination": (60,),
}
LONGEST = 60


def _after(record: str) -> tuple[float, ...]:
    """Return when the facts of a step come to be written down: about when it happens."""
    return WHEN.get(record.removeprefix("record "), WHEN["accept push"])


@dataclass(frozen=True)
class Asked:
    """One kind of request to the API: how many of a call come `after` seconds, and how long each runs."""

    step: str
    function: str
    after: float
    times: float
    seconds: float


@dataclass(frozen=True)
class Demand:
    """Of one call; seconds are billed ones."""

    ring_seconds: float
    requests: tuple[Asked, ...]
    facts: tuple[tuple[float, float], ...]  # to write down: seconds after the call began, and how many
    fact_seconds: float  # that writing down one message runs
    push_cpu_seconds: float  # that each push of a batch adds
    push_wait_seconds: float  # that a batch waits, whatever its size
    push_writes: float
    devices: float
    start_seconds: float = field(default=0.5)

    def asked(self, step: str) -> Asked:
        """Return the first request of that kind."""
        return next(asked for asked in self.requests if asked.step == step)

    def batch_seconds(self, pushes: float) -> float:
        """Return how long a batch of pushes runs; they wait side by side."""
        return self.push_wait_seconds + self.push_cpu_seconds * pushes


def demand(call: Call | None = None) -> Demand:
    month = Month(1_000_000, call or Call())
    steps = [(step, times) for step, times, trigger in month.call.steps() if trigger == "api"]
    requests = tuple(
        Asked(step, month.work["steps"][step]["function"], after, times / len(WHEN[step]), month.billed_ms(step) / 1000)
        for step, times in steps
        for after in WHEN[step]
    )
    told = [(step, times) for step, times, _ in month.call.steps() if step.startswith("record")]
    seconds = sum(month.billed_ms(step) * times for step, times in told) / sum(times for _, times in told) / 1000
    one = month.work["steps"]["deliver to 1"]
    cpu = one["cpu_ms"] / 1000 / min(1.0, stack.functions()["DeliverPushFunction"].memory / VCPU_MB)
    return Demand(
        ring_seconds=stack.parameter("RingSeconds"),
        requests=requests,
        facts=tuple((after, times / len(_after(step))) for step, times in told for after in _after(step)),
        fact_seconds=seconds,
        push_cpu_seconds=cpu,
        push_wait_seconds=month.billed_ms("deliver to 1") / 1000 - cpu,
        push_writes=one["write_units"] + month.call.devices - 1,
        devices=month.call.devices,
        start_seconds=month.start_ms("DeliverPushFunction") / 1000,
    )
