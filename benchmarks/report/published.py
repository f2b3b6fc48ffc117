"""What a run leaves in docs/: its figures, the picture and the tables that are made of them, always together."""

from pathlib import Path

from benchmarks.generated import filled
from benchmarks.report.bounds import BOUNDS, verdicts
from benchmarks.report.document import tables
from benchmarks.report.figures import Figures, read, renewed, write
from benchmarks.report.picture import picture

FIGURES, PICTURE, DOCUMENT = "bench.json", "bench.svg", "benchmarks.md"


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
    """Draw the picture and fill the tables from the figures there; not before every part was measured once."""
    known = read(docs / FIGURES)
    if {bound.part for bound in BOUNDS} <= set(known):
        (docs / PICTURE).write_text(picture(known), encoding="utf-8")
        text = (docs / DOCUMENT).read_text(encoding="utf-8")
        (docs / DOCUMENT).write_text(filled(text, tables(known, verdicts(known))), encoding="utf-8")
