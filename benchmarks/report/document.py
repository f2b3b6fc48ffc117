"""What a run leaves in docs/: its figures, and the tables in Markdown that are made of them, always together."""

from collections.abc import Iterable
from pathlib import Path

from benchmarks.generated import filled
from benchmarks.report.bounds import BOUNDS, Verdict, verdicts
from benchmarks.report.figures import Figures, Part, read, renewed, write
from benchmarks.report.table import columns, number

FIGURES, DOCUMENT = "bench.json", "benchmarks.md"


def publish(found: Figures, docs: Path, *, whole: bool) -> Figures:
    """Write what was found; return all that is known now.

    With `whole`, a part that was found takes the place of what was known of it, else only those rows of it do.
    """
    known = read(docs / FIGURES)
    known = known | found if whole else renewed(known, found)
    write(known, docs / FIGURES)
    republish(docs)
    return known


def republish(docs: Path) -> None:
    """Fill the document's tables from the figures there; not before every part was measured once."""
    known = read(docs / FIGURES)
    if {bound.part for bound in BOUNDS} <= set(known):
        text = (docs / DOCUMENT).read_text(encoding="utf-8")
        (docs / DOCUMENT).write_text(filled(text, tables(known, verdicts(known))), encoding="utf-8")


def tables(figures: Figures, judged: Iterable[Verdict]) -> dict[str, str]:
    """Return a table for each part, and one of the bounds, by the names of their places in the document."""
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
