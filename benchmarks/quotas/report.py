"""The tables of docs/cost.md about quotas, and one burst in words."""

from typing import Any

from benchmarks.generated import table
from benchmarks.quotas.demand import STREAMS, demand
from benchmarks.quotas.deployments import deployments
from benchmarks.quotas.known import quotas
from benchmarks.quotas.outcome import Outcome
from benchmarks.quotas.results import RATES, TOLERATED

LOST = {
    "not_connected": "callers not connected",
    "refused": "pushes refused",
    "stale": "pushes too late to ring",
    "over_quota": "pushes that FCM refused",
}


def alone(found: Any) -> str:  # noqa: ANN401 - JSON
    rows = []
    for quota in sorted(quotas(), key=lambda one: min(found["alone"][one.name][key] for key in ("rings", "keeps up"))):
        one = found["alone"][quota.name]
        lost = [f"{one[name]:.0%} {words}" for name, words in LOST.items() if one[name] >= TOLERATED]
        rows.append(
            [quota.name, _rate(one["rings"]), _rate(one["keeps up"]), ", ".join(lost) or "nothing yet", quota.raised]
        )
    head = ["quota", "calls a second whose phones ring", "whose histories keep up", "lost at twice as many as ring"]
    return table([*head, "what to raise"], rows)


def together(found: Any) -> str:  # noqa: ANN401 - JSON
    rows = [
        [one.name, one.raised, *(_rate(found["together"][one.name][key]) for key in ("rings", "keeps up"))]
        for one in deployments()
    ]
    head = ["deployment", "what was raised, beside what the one before has", "calls a second whose phones ring"]
    return table([*head, "whose histories keep up"], rows)


def steps(found: Any) -> str:  # noqa: ANN401 - JSON
    """Return what to raise in its order, each before the rate at which the deployment so far stops ringing."""
    new, account, own, grown = deployments()
    before = {one.name: f"{_rate(found['together'][one.name]['rings'])} calls a second" for one in deployments()}
    fcm = next(found["alone"][quota.name]["rings"] for quota in quotas() if quota.name.startswith("FCM"))
    platform = demand().streams[STREAMS.index("OfPlatform")]
    each = sum(number for _, number in platform.told) * platform.each
    return "\n".join(
        (
            f"1. Before the first real call, for a new account rings {before[new.name]}: {account.raised}.",
            f"2. Before {before[account.name]}: {own.raised}.",
            f"3. Before {before[own.name]}: {grown.raised}.",
            f"4. Before {before[grown.name]}: tables warmed beyond 40,000, more executions.",
            f"5. Before {_rate(fcm)} calls a second: more of FCM, 15 days before, and pollers that stand by.",
            "",
            f"The platform's entries of a call take {each:.2f} s of a shard's batches: histories keep up with"
            f" {1 / each:.0f} calls a second\nfor each shard of Calls, however long that goes on;"
            " after a burst they catch up.",
        )
    )


def waits(found: Any) -> str:  # noqa: ANN401 - JSON
    rates = ", ".join(f"{_rate(rate)} where that takes {ms}" for ms, rate in found["waits"].items())
    return (
        "- **Apps that dial before they set the context** hold an execution while Dial Whom waits for it, at most"
        f" `LateContextMs`.\n  A new account rings so many of their calls a second: {rates}."
    )


def sources() -> str:
    return table(["quota", "number from"], [[quota.name, quota.source] for quota in quotas()])


def _rate(calls: float) -> str:
    more = "more than " if calls == RATES[-1] else ""
    return f"{more}{calls:,.1f}" if calls < 100 else f"{more}{calls:,.0f}"


def sections(found: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    made = {"quotas": alone, "deployments": together, "waits": waits, "raise": steps}
    return {name: make(found) for name, make in made.items()} | {"quota-sources": sources()}


def in_words(outcome: Outcome) -> str:
    """Return what became of the calls of a burst."""
    ends = {"phones rang in time": outcome.rang, **{words: getattr(outcome, name) for name, words in LOST.items()}}
    ends["pushes still queued"] = outcome.waiting
    lines = [f"{outcome.calls:10,} calls"] + [f"{number:10,.0f} {words}" for words, number in ends.items()]
    return "\n".join([*lines, f"{outcome.behind:10.1%} of what histories must follow is behind a minute later"])
