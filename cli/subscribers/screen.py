"""The output of `subscribers`, as tables and as JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.subscribers.both_sides import Both
from cli.subscribers.journal import Settled

MOST_SHOWN = 20  # failures; JSON has all
_EXOTEL, _HERE = ("created", "existing", "failed"), ("created", "changed", "unchanged")


def listing(everyone: Sequence[Both]) -> Mapping[str, Any]:
    """Return both sides as JSON."""
    return {
        "here": sum(one.here is not None for one in everyone),
        "exotel": sum(one.exotel is not None for one in everyone),
        "differences": dict(Counter(one.difference for one in everyone if one.difference)),
        "subscribers": [_as_json(one) for one in everyone],
    }


def print_listing(console: Console, everyone: Sequence[Both], *, only_differences: bool) -> None:
    """Print both sides, then the differences in one line."""
    table = _table("name", "here", "at Exotel", "display name", "custom field", "difference")
    shown = [one for one in everyone if one.difference or not only_differences]
    for one in shown:
        cells = [escape(value or "-") for value in _as_json(one).values()]
        table.add_row(*cells, style="yellow" if one.difference else None)
    if shown:
        console.print(table)
    counted = listing(everyone)
    found = [f"{number} {what}" for what, number in counted["differences"].items()]
    console.print(f"{counted['here']} here, {counted['exotel']} at Exotel: {', '.join(found) or 'no difference'}")


def summary(done: Sequence[Settled]) -> Mapping[str, Any]:
    """Return an import's outcome as JSON."""
    exotel, here = Counter(one.exotel for one in done), Counter(one.here for one in done if one.here)
    return {
        "names": len(done),
        "exotel": {outcome: exotel[outcome] for outcome in _EXOTEL},
        "here": {outcome: here[outcome] for outcome in _HERE},
        "failures": [{"name": one.name, "reason": one.reason} for one in done if one.failed],
    }


def print_summary(console: Console, done: Sequence[Settled], *, dry_run: bool) -> None:
    """Print an import's outcome."""
    counted = summary(done)
    table = _table("would be" if dry_run else "", "created", "there already", "changed", "failed", "names")
    exotel, here = counted["exotel"], counted["here"]
    rows = (
        ("at Exotel", exotel["created"], exotel["existing"], "", exotel["failed"], len(done)),
        ("here", here["created"], here["unchanged"], here["changed"], len(done) - sum(here.values()), len(done)),
    )
    for row in rows:
        table.add_row(*map(str, row))
    console.print(table)
    print_failures(console, counted["failures"])


def print_failures(console: Console, failures: Sequence[Mapping[str, str]]) -> None:
    """Print the failed names with the reasons."""
    if not failures:
        return
    table = _table("failed", "why")
    for one in failures[:MOST_SHOWN]:
        table.add_row(escape(one["name"]), escape(one["reason"]))
    console.print(table)
    if len(failures) > MOST_SHOWN:
        console.print(f"and {len(failures) - MOST_SHOWN} more: --json has all")


def _as_json(one: Both) -> Mapping[str, str | None]:
    return {
        "name": one.name,
        "here": str(one.here.status) if one.here else None,
        "exotel": one.exotel.status if one.exotel else None,
        "display_name": one.here.display_name if one.here else None,
        "custom_field": one.exotel.custom_field if one.exotel else None,
        "difference": one.difference or None,
    }


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
