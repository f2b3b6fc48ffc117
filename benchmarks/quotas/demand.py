"""A call's demand on the quotas over time, from what benchmarks.cost measured."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.cost import stack
from benchmarks.cost.call import Call
from benchmarks.cost.measuring.units import Taken
from benchmarks.cost.usage import AT_ONCE, VCPU_MB, Month

# Seconds after the call's first request at which each thing asks the API; Exotel's events come by and by.
WHEN: Mapping[str, tuple[float, ...]] = {
    "set context": (0,),
    "dial whom": (1,),
    "accept push": (2,),
    "read context": (4,),
    "acknowledge push": (3,),
    "acknowledge answer": (8,),
    "call event": (1, 2),
    "call event of the answer": (8,),
    "call event of the end": (40, 41),
    "SDK events": (42,),
    "log lines": (43,),
    "feedback": (50,),
    "first login": (0,),
    "login": (0,),
    "register phone": (0,),
    "contacts": (0,),
    "call history": (60,),
    "log destination": (60,),
    "record dial whom": (1,),
    "follow ringing": (2,),
    "follow answer": (8,),
    "follow end": (40,),
    "follow SDK events": (42,),
    "follow feedback": (50,),
    "follow unpack log": (60,),
    "follow log lines": (43,),
}
LONGEST = 60
ACCEPT, DELIVER, RECORD = "AcceptPushFunction", "DeliverPushFunction", "RecordCallFunction"
# What must happen for a phone to ring, one after the other: without its context, too, Dial Whom names nobody.
STREAMS = ("Stream", "OfPlatform", "OfApps")  # of which the template has RecordCall told
BATCH_SECONDS = 20  # after which RecordCall begins no further call of a batch
TOLD = ("CallsTable", "CallContextsTable")  # where a push is told of, and its call looked for, when the phones ring
CHAIN = ("set context", "dial whom", "accept push")
# each kind has a throttle of its own
REPORTS = ("acknowledge push", "acknowledge answer", "SDK events", "feedback", "log lines")


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

    `told` says when after a call's beginning, in seconds, how many come; they are gathered for `window` seconds.
    `aside` are units of tables for which nothing waits: what they do not take is queued.
    """

    function: str
    batch: int
    wait: float
    each: float
    units: Taken
    told: tuple[tuple[float, float], ...] = ()
    window: float = 0
    aside: Taken = field(default_factory=dict)

    def seconds(self, batch: float) -> float:
        return self.wait + self.each * batch


@dataclass(frozen=True)
class Demand:
    """Of one call; seconds are billed ones."""

    ring_seconds: float
    requests: tuple[Asked, ...]
    pushes: Brought
    streams: tuple[Brought, ...]
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
        streams=tuple(_streamed(month, name) for name in STREAMS),
        devices=month.call.devices,
        start_seconds=month.start_ms(DELIVER) / 1000,
    )


def _pushes(month: Month) -> Brought:
    """Return the pushes: those of a batch wait for FCM side by side; each further device is one more mark."""
    one = month.work["steps"]["deliver to 1"]
    each = one["cpu_ms"] / 1000 / min(1.0, stack.functions()[DELIVER].memory / VCPU_MB)
    written, read = one["units"]["DeliveriesTable"]
    told = {name: taken for name, taken in one["units"].items() if name in TOLD}
    units = {name: taken for name, taken in one["units"].items() if name not in TOLD}
    units["DeliveriesTable"] = written + month.call.devices - 1, read
    batch = stack.source(DELIVER, "Queue")["BatchSize"]
    return Brought(DELIVER, batch, month.billed_ms("deliver to 1") / 1000 - each, each, units, aside=told)


def _streamed(month: Month, name: str) -> Brought:
    """Return what a stream brings to RecordCall: means of what a batch is told of one call."""
    steps = [
        (step, times * (1 + month.again(step, trigger)))
        for step, times, trigger in month.call.steps()
        if trigger == name
    ]
    number = sum(times for _, times in steps)
    units: dict[str, tuple[float, float]] = {}
    cpu = waits = 0.0
    for step, times in steps:
        share = times / number
        for table, (written, read) in month.work["steps"][step]["units"].items():
            before = units.get(table, (0, 0))
            units[table] = before[0] + written * share, before[1] + read * share
        own_cpu, own_waits = month.spent_ms(step)
        cpu, waits = cpu + own_cpu * share / 1000, waits + own_waits * share / 1000
    source = stack.source(RECORD, name)
    window = source.get("MaximumBatchingWindowInSeconds", 0)
    each = cpu + (waits / AT_ONCE if window else waits)  # those of CallContexts are recorded one after the other
    return Brought(
        RECORD,
        min(source["BatchSize"], int(BATCH_SECONDS / each)),
        waits if window else 0,
        each,
        units,
        tuple((after, times) for step, times in steps for after in WHEN[step]),
        window,
    )
