"""The figures of a run: docs/bench.json, from which the tables are made."""

import json
from collections.abc import Mapping
from pathlib import Path

type Row = dict[str, float]
type Part = dict[str, Row]
type Figures = dict[str, Part]  # part -> what was measured -> its figures by name


def read(file: Path) -> Figures:
    """Return what earlier runs wrote; nothing where there was none."""
    if not file.exists():
        return {}
    figures: Figures = json.loads(file.read_text(encoding="utf-8"))
    return figures


def write(figures: Mapping[str, Part], file: Path) -> None:
    """Write all figures, with four digits that count."""
    rounded = {
        part: {row: {name: _short(value) for name, value in values.items()} for row, values in rows.items()}
        for part, rows in figures.items()
    }
    file.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")


def renewed(known: Figures, found: Figures) -> Figures:
    """Return what is known with the rows that were found in their places."""
    return known | {part: known.get(part, {}) | rows for part, rows in found.items()}


def _short(value: float) -> float:
    return value if isinstance(value, int) else float(f"{value:.4g}")
