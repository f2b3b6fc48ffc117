"""The CSV of an import, checked whole before anything is done: columns name, password?, display_name?, custom_field?.

What a password and a display name may be is what the API takes (PutSubscriber); what a name may be, what Exotel takes.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from cli.errors import OperatorError
from switchboard.domain.errors import InvalidFieldError
from switchboard.domain.subscribers import valid_name
from switchboard.edge.schemas.subscribers import PutSubscriber

COLUMNS = ("name", "password", "display_name", "custom_field")
MOST_COMPLAINTS = 20
_WRONG = {
    "password": "password must have 8 to 128 characters",
    "display_name": "display_name must be 1 to 64 letters and digits",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One subscriber to be; None leaves a thing to its default."""

    name: str
    password: str | None = field(default=None, repr=False)
    display_name: str | None = None
    custom_field: str | None = None


def read_roster(path: Path) -> Sequence[Row]:
    """Return the file's rows. Raises OperatorError that names every line at fault, up to twenty."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True, skipinitialspace=True))
            lines = _line_numbers(path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise OperatorError(f"{path} cannot be read as CSV in UTF-8: {error}") from error
    if not rows:
        raise OperatorError(f"{path} has no subscribers: a line with the columns' names, then a line for each")
    _check_columns(path, list(rows[0]))
    complaints = list(_complaints(rows, lines))
    if complaints:
        raise OperatorError("\n  ".join([f"nothing was done: {path} has", *_some(complaints)]))
    return [row_of(row) for row in rows]


def row_of(given: Mapping[str, str | None]) -> Row:
    """Return the row that these columns make; an empty one counts as absent."""
    known = {column: (given.get(column) or "").strip() or None for column in COLUMNS}
    return Row(known["name"] or "", known["password"], known["display_name"], known["custom_field"])


def wrong_with(row: Row) -> Iterator[str]:
    """Say what is wrong with a row, without repeating a password."""
    try:
        valid_name(row.name)
    except InvalidFieldError as error:
        yield f"{error.message}: {row.name!r}"
    try:
        PutSubscriber(password=row.password, display_name=row.display_name)
    except ValidationError as error:
        yield from (_WRONG[str(wrong["loc"][0])] for wrong in error.errors(include_input=False, include_url=False))
    if not (row.custom_field or "").isprintable():
        yield "custom_field has characters that cannot be printed"


def _line_numbers(path: Path) -> Sequence[int]:
    """On which line of the file each row ends; a quoted field may span several, an empty line holds no row."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True, skipinitialspace=True)
        return [reader.line_num for row in reader if row][1:]


def _check_columns(path: Path, given: Sequence[str | None]) -> None:
    columns = [column for column in given if column is not None]  # None stands for fields beyond the last column
    unknown = [column for column in columns if column not in COLUMNS]
    if "name" not in columns or unknown:
        said = f"not {', '.join(map(repr, unknown))}" if unknown else "and a name for each"
        raise OperatorError(f"{path}: the first line names the columns {', '.join(COLUMNS)}, {said}")


def _complaints(rows: Sequence[Mapping[str, str | None]], lines: Sequence[int]) -> Iterator[str]:
    first: dict[str, int] = {}
    for given, line in zip(rows, lines, strict=True):
        row = row_of(given)
        if None in given:  # where csv puts fields beyond the last column
            yield f"line {line}: more fields than columns"
        yield from (f"line {line}: {wrong}" for wrong in wrong_with(row))
        if row.name and first.setdefault(row.name, line) != line:
            yield f"line {line}: {row.name} is on line {first[row.name]} already"


def _some(complaints: Sequence[str]) -> Sequence[str]:
    more = len(complaints) - MOST_COMPLAINTS
    return [*complaints[:MOST_COMPLAINTS], *([f"and {more} more"] if more > 0 else [])]
