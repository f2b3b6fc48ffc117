"""The figures on a terminal."""

from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from benchmarks.report.bounds import Verdict
from benchmarks.report.figures import Figures, Part

WIDTH = 132  # of the widest table: nothing is cut off, a narrower terminal breaks the lines


def number(value: float | None) -> str:
    """Return a figure as people read it: three digits that count, none after the point of a large one."""
    if value is None:
        return "-"
    if value == int(value) and abs(value) < 1e6:
        return f"{int(value)}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def columns(part: Part) -> list[str]:
    """Return the names of a part's figures, in the order in which they first come."""
    return list(dict.fromkeys(name for row in part.values() for name in row))


def show(figures: Figures, judged: Iterable[Verdict]) -> None:
    """Print a table for each part, and the bounds with what was measured."""
    console = Console()
    console.width = max(console.width, WIDTH)
    for part, rows in figures.items():
        names = columns(rows)
        table = _table(part, *(_heading(name) for name in names))
        for row, values in rows.items():
            table.add_row(row, *(number(values.get(name)) for name in names))
        console.print(table)
    table = _table("reach", "bound", "measured", "")
    for verdict in judged:
        bound = f"{verdict.bound.direction} {number(verdict.bound.limit)}"
        said = "[green]holds[/]" if verdict.good else "[red]does not hold[/]"
        table.add_row(verdict.bound.reach, bound, number(verdict.value), said)
    console.print(table)


def _table(first: str, *others: str) -> Table:
    table = Table(box=SIMPLE_HEAD)
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _heading(name: str) -> str:
    return name.replace("_", " ").replace("million instructions", "M instr.")
