"""The figures of a load for the terminal, and its failures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from benchmarks.load.ledger import BURST_SECONDS, Account
from benchmarks.load.memory import Growth

MOST_GROWTH = 1.05  # times the memory of a worker that has met its first events
AT_WORK = {  # the functions that each call needs
    *("CallContextFunction", "DialWhomFunction", "AcceptPushFunction", "DeliverPushFunction"),
    *("IngestReportsFunction", "AcceptCallEventFunction", "RecordCallFunction"),
}
_PERCENTILES = ("50%", "95%", "99%", "100%")

type Requests = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Load:
    """The least size of a valid load: accepted pushes in total, and in a burst."""

    pushes: int
    at_once: int


def failures(account: Account, requests: Requests, grown: Sequence[Growth], least: Load) -> list[str]:
    """Return a sentence for each thing that must not be."""
    wrong = [] if account.whole else [f"not every accepted push rang once and was written down: {_counts(account)}"]
    if account.accepted < least.pushes:
        wrong.append(f"{account.accepted} pushes were accepted, of at least {least.pushes} that there should have been")
    if account.busiest < least.at_once:
        wrong.append(f"no burst: at most {account.busiest} pushes were accepted within {BURST_SECONDS:.0f} s")
    wrong += [f"{one['Failure Count']} requests of {one['Name']} failed" for one in _each(requests) if _failed(one)]
    wrong += [
        f"a worker of {one.function} grew from {one.early_mb:.1f} to {one.late_mb:.1f} MB"
        for one in grown
        if one.ratio > MOST_GROWTH
    ]
    unjudged = sorted(AT_WORK - {one.function for one in grown})
    return [*wrong, *(f"no worker of {name} was watched for long enough to judge its memory" for name in unjudged)]


def show(account: Account, requests: Requests, grown: Sequence[Growth]) -> None:
    """Print three tables."""
    console = Console()
    console.print(_counts(account))
    table = Table("milliseconds", "count", *_PERCENTILES)
    for one in _each(requests):
        table.add_row(one["Name"], one["Request Count"], *(one[name] for name in _PERCENTILES))
    if account.seconds:
        seconds = account.seconds
        at = (seconds[min(len(seconds) - 1, int(len(seconds) * float(name[:-1]) / 100))] for name in _PERCENTILES)
        table.add_row("accepted to rung", str(len(seconds)), *(f"{one * 1000:.0f}" for one in at))
    console.print(table)
    memory = Table("warm worker", "MB early", "MB late", "ratio")
    for growth in grown:
        memory.add_row(growth.function, f"{growth.early_mb:.1f}", f"{growth.late_mb:.1f}", f"{growth.ratio:.3f}")
    console.print(memory)


def _each(requests: Requests) -> Requests:
    return [one for one in requests if one["Name"] != "Aggregated"]


def _failed(one: Mapping[str, str]) -> bool:
    return int(one["Failure Count"]) > 0


def _counts(account: Account) -> str:
    return (
        f"{account.accepted} pushes accepted, up to {account.busiest} within {BURST_SECONDS:.0f} s: "
        f"{account.rung_once} rang once, {account.rung_again} again, "
        f"{account.lost} lost, {account.dead_letters} dead letters; {account.unlisted} calls not in their histories"
    )
