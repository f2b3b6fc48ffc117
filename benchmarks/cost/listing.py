"""What the bill is worked out from, as tables of docs/cost.md: measured work, assumptions, list prices."""

from collections.abc import Sequence
from dataclasses import fields

from benchmarks.cost import stack
from benchmarks.cost.bill import FREE, REGIONS, SOURCES, UNCONFIRMED, Price, prices
from benchmarks.cost.call import OTHERS, WAITS, Call
from benchmarks.cost.usage import Month
from benchmarks.generated import table


def work() -> str:
    month, rows = Month(1_000_000), []
    for step, times, trigger in Call().steps():
        done = month.work["steps"][step]
        memory = stack.functions()[done["function"]].memory
        asked = ", ".join(f"{n:g} {name.partition(':')[2]}" for name, n in done["calls"].items()) or "none"
        written, read = (sum(units[side] for units in done["units"].values()) for side in (0, 1))
        billed = month.billed_ms(step)
        rows.append(
            [
                step,
                f"{times:g}",
                trigger,
                str(memory),
                f"{done['cpu_ms']:g}",
                asked,
                f"{written:g} / {read:g}",
                str(billed),
            ]
        )
    head = ["step", "in a call", "from", "MB", "CPU, ms", "AWS calls", "units written / read", "billed, ms"]
    how = "Measured on {measured_on} with Python {python} on {machine}.".format(**month.work)
    return table(head, rows) + "\n\n" + how


def assumptions() -> str:
    own = [[f"`{one.name}`", f"{getattr(Call(), one.name):g}"] for one in fields(Call)]
    waits = [[f"wait for `{name}`", f"{ms:g} ms"] for name, ms in {**WAITS, **OTHERS}.items()]
    return table(["what", "value"], own + waits)


def listed() -> str:
    keys = list(SOURCES)
    books = {region: prices(region) for region in REGIONS}
    rows = []
    for item, price in books[REGIONS[0]].items():
        each = [_listed(books[region][item], keys) for region in REGIONS]
        free = f"{FREE[item]:,.0f}" if item in FREE else ""
        rows.append([item.replace("_", " "), f"{price.per:,.0f}", *each, free])
    notes = [f"{n}. {source['what']}. Dated {source['dated']}." for n, source in enumerate(SOURCES.values(), 1)]
    return table(["what", "USD for so many", *REGIONS, "free each month"], rows) + "\n\n" + "\n".join(notes)


def _listed(price: Price, sources: Sequence[str]) -> str:
    doubt = " (?)" if price.source in UNCONFIRMED else ""
    digits = f"{price.usd:.10f}".rstrip("0").rstrip(".")
    return f"{digits}{doubt} [{sources.index(price.source) + 1}]"
