"""The figures in docs/benchmarks.md, between its marks."""

from collections.abc import Iterable

from benchmarks.bounds import Verdict
from benchmarks.figures import Figures, Part
from benchmarks.functions import ROOT
from benchmarks.generated import filled
from benchmarks.table import columns, number

FILE = ROOT / "docs" / "benchmarks.md"


def update(figures: Figures, judged: Iterable[Verdict]) -> None:
    """Put the tables of these figures, and of all bounds, into the document."""
    parts = {part: part_table(part, rows) for part, rows in figures.items()}
    text = FILE.read_text(encoding="utf-8")
    FILE.write_text(filled(text, parts | {"bounds": bounds_table(judged)}), encoding="utf-8")


def part_table(part: str, rows: Part) -> str:
    """Return a part as a table in Markdown."""
    names = columns(rows)
    lines = [[part, *(name.replace("_", " ") for name in names)], ["---", *("--:" for _ in names)]]
    lines += [[row, *(number(values.get(name)) for name in names)] for row, values in rows.items()]
    return _table(lines)


def bounds_table(judged: Iterable[Verdict]) -> str:
    """Return the bounds as a table in Markdown."""
    lines = [["reach", "bound", "measured", ""], ["---", "--:", "--:", "---"]]
    for verdict in judged:
        limit = f"{verdict.bound.direction} {number(verdict.bound.limit)}"
        word = "holds" if verdict.good else "**does not hold**"
        lines.append([verdict.bound.reach, limit, number(verdict.value), word])
    return _table(lines)


def _table(lines: Iterable[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
