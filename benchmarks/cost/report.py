"""What calls cost, as tables of docs/cost.md and as one month's bill."""

from collections.abc import Mapping

from benchmarks.cost.alternatives import alternatives
from benchmarks.cost.bill import FREE, PARTS, REGIONS, by_part, by_step, per_million, prices, usd
from benchmarks.cost.call import Call
from benchmarks.cost.features import features
from benchmarks.cost.hot_start import hot, hot_prices
from benchmarks.cost.levers import levers, levers_by_part
from benchmarks.cost.listing import assumptions, listed, work
from benchmarks.cost.usage import RECORD, Month
from benchmarks.generated import table

CORE = Call(events=0, apps=0, acknowledged=0, feedback=0, history=0, logins=0, log_uploads=0)
RINGS = ("set context", "dial whom", "accept push", "deliver to 1", "deliver to 2")  # without what records it
OTHERWISE = {
    "as above": Call(),
    "two of Exotel's events in place of five": Call(events=2),
    "no SDK events from the apps": Call(apps=0),
    "context, Dial Whom, push and delivery only, and what they record": CORE,
    "lines of the SDK's log from both apps, once a call": Call(log_lines=2),
    "two phones for every callee": Call(devices=2),
    "two phones whose apps know a cancel: one answers, one is told": Call(devices=2, cancels=1),
    "apps that dial first: Dial Whom waits 300 ms": Call(dial_whom_wait_ms=300),
    "apps that ask for the context, as the stock apps do": Call(read_context=1),
}
MONTHS = {1_000: "1 thousand", 1_000_000: "1 million", 100_000_000: "100 million"}


def million() -> str:
    bills = {region: per_million(prices(region)) for region in REGIONS}
    totals = {region: sum(bill.values()) for region, bill in bills.items()}
    rows = [[part, *(usd(bills[region][part]) for region in REGIONS), f"{_share(part, bills):.0%}"] for part in PARTS]
    total = ["**together**", *(f"**{usd(totals[region])}**" for region in REGIONS), ""]
    return table(["USD per million calls", *REGIONS, f"share in {REGIONS[0]}"], [*rows, total])


def _share(part: str, bills: Mapping[str, Mapping[str, float]]) -> float:
    bill = bills[REGIONS[0]]
    return bill[part] / sum(bill.values())


def dearest() -> str:
    """Return the steps of a call that cost most, together with all others."""
    costs = sorted(by_step(prices(REGIONS[0])).items(), key=lambda one: -one[1])
    rows = [[step, usd(value)] for step, value in costs if value >= 1]
    rows.append(["all others", usd(sum(value for _, value in costs if value < 1))])
    return table(["step", f"USD per million calls, {REGIONS[0]}"], rows)


def batches() -> str:
    """Return how full the batches of Calls' streams are, and how often RecordCall is invoked for a call."""
    rows = []
    for calls, words in MONTHS.items():
        month = Month(calls)
        full = (f"{month.gathered(name):,.1f}" for name in ("OfPlatform", "OfApps"))
        rows.append([words, *full, f"{month.events()[RECORD] / calls:.1f}"])
    head = ["calls a month", "calls in a batch of the platform's entries", "of the apps'", "invocations for a call"]
    return table(head, rows)


def months() -> str:
    rows = []
    for calls, words in MONTHS.items():
        sums = [_together(calls, region) for region in REGIONS]
        own, free = _together(0, REGIONS[0]), _together(calls, REGIONS[0], FREE)
        rows.append([words, *map(usd, sums), usd(own), usd(free), f"{100 * sums[0] / calls:.4f}"])
    first = REGIONS[0]
    head = ["calls a month", *(f"USD, {region}" for region in REGIONS), f"of it standing, {first}"]
    return table([*head, f"less what is free, {first}", f"cents a call, {first}"], rows)


def _together(calls: float, region: str, free: Mapping[str, float] | None = None, call: Call | None = None) -> float:
    return sum(by_part(Month(calls, call or Call()).usage(), prices(region), free).values())


def standing() -> str:
    """Return what a stack costs in a month in which nobody calls, by part and by Monitoring."""
    bills = [by_part(Month(0, Call(full_monitoring=full)).usage(), prices(REGIONS[0])) for full in (0, 1)]
    rows = [[part, *(usd(bill[part]) for bill in bills)] for part in PARTS if bills[1][part]]
    total = ["**together**", *(f"**{usd(sum(bill.values()))}**" for bill in bills)]
    head = [f"USD a month, {REGIONS[0]}", "`Monitoring=essential`", "`full`, and in production"]
    return table(head, [*rows, total])


def bill(month: Month) -> str:
    """Return one month's bill in every region, and in the first one less what is free."""
    used = month.usage()
    bills = [*(by_part(used, prices(region)) for region in REGIONS), by_part(used, prices(REGIONS[0]), FREE)]
    rows = [[part, *(usd(one[part]) for one in bills)] for part in PARTS]
    total = ["together", *(usd(sum(one.values())) for one in bills)]
    head = [f"{month.calls:,.0f} calls a month, USD", *REGIONS, f"{REGIONS[0]}, less what is free"]
    return table(head, [*rows, total])


def otherwise() -> str:
    totals = {
        words: [sum(per_million(prices(region), call).values()) for region in REGIONS]
        for words, call in OTHERWISE.items()
    }
    base = next(iter(totals.values()))[0]
    rows = [[words, *map(usd, sums), f"{sums[0] / base - 1:+.0%}"] for words, sums in totals.items()]
    return table(["USD per million calls", *REGIONS, f"more or less in {REGIONS[0]}"], rows)


def short() -> str:
    sums = per_million(prices(REGIONS[0]))
    million, writes = sum(sums.values()), sums["DynamoDB writes"]
    few, own, free = _together(1000, REGIONS[0]), _together(0, REGIONS[0]), _together(1000, REGIONS[0], FREE)
    full = _together(0, REGIONS[0], call=Call(full_monitoring=1))
    rings = sum(by_step(prices(REGIONS[0]))[step] for step in RINGS)
    core = sum(per_million(prices(REGIONS[0]), CORE).values())
    return (
        f"- A million calls cost about {million:.0f} US dollars, {writes / million:.0%} of which are for DynamoDB's\n"
        "  writes, most of them for the calls' timelines. FCM is free. Exotel's own prices are not in here.\n"
        f"- Of these, {rings:.0f} dollars make the phones ring: context, Dial Whom, push and delivery. Without the\n"
        f"  apps' reports, Exotel's events and logins, {core:.0f} are left, with what is recorded of these four.\n"
        f"- Whoever has a thousand calls a month pays about {few:.0f} dollars, or {free:.0f} less what AWS gives\n"
        f"  every account for free. Of the {few:.0f}, {own:.2f} are for alarms, secrets and polling, whether anybody\n"
        f"  calls or not ({full:.2f} with `Monitoring=full` or `Production=yes`); nearly all the rest is for metrics."
    )


def sections() -> dict[str, str]:
    saved = (features, levers, levers_by_part, standing, alternatives)
    made = (short, million, dearest, batches, months, otherwise, *saved, work, hot_prices, assumptions, listed)
    return {one.__name__.replace("_", "-"): one() for one in made} | {"hot": hot(MONTHS)}
