"""The figures as tables in Markdown."""

from collections.abc import Iterable

from benchmarks.report.bounds import Verdict
from benchmarks.report.figures import Figures, Part
from benchmarks.report.table import columns, number


def tables(figures: Figures, judged: Iterable[Verdict]) -> dict[str, str]:
    """Return a table for each part, and one of the bounds, by the names of their places in docs/benchmarks.md."""
    return {part: part_table(part, rows) for part, rows in figures.items()} | {"bounds": bounds_table(judged)}


def part_table(part: str, rows: Part) -> str:
    """Return a part as a table."""
    names = columns(rows)
    lines = [[part, *(name.replace("_", " ") for name in names)], ["---", *("--:" for _ in names)]]
    lines += [[row, *(number(values.get(name)) for name in names)] for row, values in rows.items()]
    return _table(lines)


def bounds_table(judged: Iterable[Verdict]) -> str:
    """Return the bounds as a table."""
    lines = [["reach", "bound", "measured", ""], ["---", "--:", "--:", "---"]]
    for verdict in judged:
        limit = f"{verdict.bound.direction} {number(verdict.bound.limit)}"
        word = "holds" if verdict.good else "**does not hold**"
        lines.append([verdict.bound.reach, limit, number(verdict.value), word])
    return _table(lines)


def _table(lines: Iterable[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
