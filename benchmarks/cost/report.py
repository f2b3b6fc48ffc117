"""The tables of docs/cost.md."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields

from benchmarks.cost import hot_start, stack
from benchmarks.cost.bill import Month
from benchmarks.cost.call import OTHERS, WAITS, Call
from benchmarks.cost.parts import PARTS, by_part, per_million
from benchmarks.cost.prices import REGIONS, SOURCES, UNCONFIRMED, Price, prices

OTHERWISE = {
    "as above": Call(),
    "two of Exotel's events in place of five": Call(events=2),
    "queues' messages in batches of five": Call(batch=5),
    "no event of the stream without need": Call(idle_changes=0),
    "no SDK events from the apps": Call(apps=0),
    "two phones for every callee": Call(devices=2),
    "apps that dial first: Dial Whom waits 300 ms": Call(dial_whom_wait_ms=300),
}
MONTHS = {1_000: "1 thousand", 1_000_000: "1 million", 100_000_000: "100 million"}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def usd(value: float) -> str:
    return f"{value:,.2f}" if value < 1000 else f"{value:,.0f}"


def million() -> str:
    bills = {region: per_million(prices(region)) for region in REGIONS}
    totals = {region: sum(bill.values()) for region, bill in bills.items()}
    rows = [[part, *(usd(bills[region][part]) for region in REGIONS), f"{_share(part, bills):.0%}"] for part in PARTS]
    total = ["**together**", *(f"**{usd(totals[region])}**" for region in REGIONS), ""]
    return table(["USD per million calls", *REGIONS, f"share in {REGIONS[0]}"], [*rows, total])


def _share(part: str, bills: Mapping[str, Mapping[str, float]]) -> float:
    bill = bills[REGIONS[0]]
    return bill[part] / sum(bill.values())


def months() -> str:
    rows = []
    for calls, words in MONTHS.items():
        used, idle = Month(calls).usage(), Month(0).usage()
        sums = [sum(by_part(used, prices(region)).values()) for region in REGIONS]
        standing = [sum(by_part(idle, prices(region)).values()) for region in REGIONS]
        cents = [f"{100 * each / calls:.4f}" for each in sums]
        rows.append([words, *map(usd, sums), *map(usd, standing), *cents])
    head = ["calls a month", *(f"USD, {r}" for r in REGIONS), *(f"of it standing, {r}" for r in REGIONS)]
    return table([*head, *(f"cents a call, {r}" for r in REGIONS)], rows)


def otherwise() -> str:
    totals = {
        words: [sum(per_million(prices(region), call).values()) for region in REGIONS]
        for words, call in OTHERWISE.items()
    }
    base = next(iter(totals.values()))[0]
    rows = [[words, *map(usd, sums), f"{sums[0] / base - 1:+.0%}"] for words, sums in totals.items()]
    return table(["USD per million calls", *REGIONS, f"more or less in {REGIONS[0]}"], rows)


def work() -> str:
    month, rows = Month(1_000_000), []
    for step, times, trigger in Call().steps():
        done = month.work["steps"][step]
        memory = stack.functions()[done["function"]].memory
        asked = ", ".join(f"{n:g} {name.partition(':')[2]}" for name, n in done["calls"].items()) or "none"
        units = f"{done['write_units']:g} / {done['read_units']:g}"
        billed = month.billed_ms(step)
        rows.append([step, f"{times:g}", trigger, str(memory), f"{done['cpu_ms']:g}", asked, units, str(billed)])
    head = ["step", "in a call", "from", "MB", "CPU, ms", "AWS calls", "units written / read", "billed, ms"]
    how = "Measured on {measured_on} with Python {python} on {machine}.".format(**month.work)
    return table(head, rows) + "\n\n" + how


def hot() -> str:
    rows = []
    for calls, words in MONTHS.items():
        one = hot_start.kept(Month(calls), prices(REGIONS[0]))
        starts = f"{one.starts:,.0f} ({one.share:.1%})"
        provisioned = f"{usd(one.provisioned)} ({one.environments} environments)"
        rows.append([words, starts, f"{one.waited_ms:.0f}", usd(one.starting), usd(one.snapstart), provisioned])
    head = [
        "calls a month",
        "starts somebody waits for",
        "each, ms",
        "USD of them",
        "`snapstart`, USD",
        "`provisioned`, USD",
    ]
    return table(head, rows)


def hot_prices() -> str:
    rows = []
    for region in REGIONS:
        price = prices(region)
        for name in hot_start.HOT:
            kept = usd(hot_start.provisioned_month(name, price))
            cached = usd(hot_start.cached_month(name, price))
            restored = f"{price['snapstart_restored_gb'].of(hot_start.gigabytes(name) * 1e6):,.0f}"
            rows.append([region, name, kept, f"{hot_start.break_even(price):.0%}", cached, restored])
    head = ["region", "function", "one environment kept", "busy share that pays", "one snapshot kept"]
    return table([*head, "a million restored"], rows)


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
        rows.append([item.replace("_", " "), f"{price.per:,.0f}", *each])
    notes = [f"{n}. {source['what']}. Dated {source['dated']}." for n, source in enumerate(SOURCES.values(), 1)]
    return table(["what", "USD for so many", *REGIONS], rows) + "\n\n" + "\n".join(notes)


def _listed(price: Price, sources: Sequence[str]) -> str:
    doubt = " (?)" if price.source in UNCONFIRMED else ""
    digits = f"{price.usd:.10f}".rstrip("0").rstrip(".")
    return f"{digits}{doubt} [{sources.index(price.source) + 1}]"


def sections() -> dict[str, str]:
    made = (million, months, otherwise, work, hot, hot_prices, assumptions, listed)
    return {one.__name__.replace("_", "-"): one() for one in made}
