"""A call's demand on the quotas over time, from what benchmarks.cost measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.cost import stack
from benchmarks.cost.call import Call
from benchmarks.cost.measuring.units import Taken
from benchmarks.cost.usage import VCPU_MB, Month

# Seconds after the call's first request at which each thing asks the API; Exotel's events come by and by.
WHEN: Mapping[str, tuple[float, ...]] = {
    "set context": (0,),
    "dial whom": (1,),
    "accept push": (2,),
    "read context": (4,),
    "acknowledge push": (3,),
    "call event": (1, 2, 8, 40, 41),
    "SDK events": (42,),
    "log lines": (43,),
    "feedback": (50,),
    "login": (0,),
    "register phone": (0,),
    "contacts": (0,),
    "call history": (60,),
    "log destination": (60,),
}
LONGEST = 60
ACCEPT, DELIVER, RECORD = "AcceptPushFunction", "DeliverPushFunction", "RecordCallFunction"
# What must happen for a phone to ring, one after the other: without its context, too, Dial Whom names nobody.
CHAIN = ("set context", "dial whom", "accept push")
REPORTS = ("acknowledge push", "SDK events", "feedback", "log lines")  # each kind has a throttle of its own


@dataclass(frozen=True, eq=False)
class Asked:
    """One kind of request to the API: how many of a call come `after` seconds, and how long each runs."""

    step: str
    function: str
    after: float
    times: float
    seconds: float
    units: Taken


@dataclass(frozen=True)
class Brought:
    """What a queue or a stream brings to a function: a batch runs for `wait` seconds and `each` for each.

    `told` says when after a call's beginning, in seconds, how many come.
    """

    function: str
    batch: int
    wait: float
    each: float
    units: Taken
    told: tuple[tuple[float, float], ...] = ()

    def seconds(self, batch: float) -> float:
        return self.wait + self.each * batch


@dataclass(frozen=True)
class Demand:
    """Of one call; seconds are billed ones."""

    ring_seconds: float
    requests: tuple[Asked, ...]
    pushes: Brought
    events: Brought  # for the timelines, from the queue
    changes: Brought  # the same from the stream
    devices: float
    start_seconds: float


def demand(call: Call | None = None) -> Demand:
    month = Month(1_000_000, call or Call())
    requests = tuple(
        Asked(step, done["function"], after, times / len(WHEN[step]), month.billed_ms(step) / 1000, done["units"])
        for step, times, trigger in month.call.steps()
        if trigger == "api" and (done := month.work["steps"][step])
        for after in WHEN[step]
    )
    return Demand(
        ring_seconds=stack.parameter("RingSeconds"),
        requests=requests,
        pushes=_pushes(month),
        events=_recorded(month, "queue"),
        changes=_recorded(month, "stream"),
        devices=month.call.devices,
        start_seconds=month.start_ms(DELIVER) / 1000,
    )


def _pushes(month: Month) -> Brought:
    """Return the pushes: those of a batch wait for FCM side by side; each further device is one more mark."""
    one = month.work["steps"]["deliver to 1"]
    each = one["cpu_ms"] / 1000 / min(1.0, stack.functions()[DELIVER].memory / VCPU_MB)
    written, read = one["units"]["DeliveriesTable"]
    units = one["units"] | {"DeliveriesTable": (written + month.call.devices - 1, read)}
    batch = stack.source(DELIVER, "SQS")["BatchSize"]
    return Brought(DELIVER, batch, month.billed_ms("deliver to 1") / 1000 - each, each, units)


def _recorded(month: Month, trigger: str) -> Brought:
    """Return what the queue of events or the stream brings to RecordCall: means, each written down by itself."""
    steps = [
        (step, times) for step, times, source in month.call.steps() if step.startswith("record") and source == trigger
    ]
    number = sum(times for _, times in steps)
    units: dict[str, tuple[float, float]] = {}
    for step, times in steps:
        for table, (written, read) in month.work["steps"][step]["units"].items():
            before = units.get(table, (0, 0))
            units[table] = before[0] + written * times / number, before[1] + read * times / number
    return Brought(
        RECORD,
        stack.source(RECORD, "SQS" if trigger == "queue" else "DynamoDB")["BatchSize"],
        0,
        sum(month.billed_ms(step) * times for step, times in steps) / number / 1000,
        units,
        tuple((after, times / len(_when(step))) for step, times in steps for after in _when(step)),
    )


def _when(record: str) -> tuple[float, ...]:
    """Return when the events of a step come to be written down: about when it happens."""
    return WHEN.get(record.removeprefix("record "), WHEN["accept push"])
