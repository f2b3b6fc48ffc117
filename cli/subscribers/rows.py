"""The CSV of an import, checked completely before any change: columns name, password?, display_name?, custom_field?.

The API's rules apply to passwords and display names (PutSubscriber), Exotel's to names.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from pydantic import ValidationError

from cli.errors import OperatorError
from switchboard.foundation.errors import InvalidFieldError
from switchboard.foundation.typed_text import trimmed
from switchboard.provisioning.schema import OUTER_SPACE, PutSubscriber
from switchboard.subscribers.subscriber import valid_name

COLUMNS = ("name", "password", "display_name", "custom_field")
MOST_COMPLAINTS = 20
_WRONG = {
    "password": "password must have 8 to 128 characters",
    "display_name": "display_name must be 1 to 64 letters and digits",
    OUTER_SPACE: "password begins or ends with a space, which apps remove from typed passwords: remove it",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A subscriber to import; None means the default."""

    name: str
    password: str | None = field(default=None, repr=False)
    display_name: str | None = None
    custom_field: str | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file; `empty_rows` (only separators) and `nameless_columns` were skipped."""

    rows: Sequence[Row]
    empty_rows: int = 0
    nameless_columns: int = 0


type _Line = tuple[int, Sequence[str]]  # the file's line on which a row ends, and its fields


def read_rows(path: Path) -> Rows:
    """Return the file's rows. Raises OperatorError that names every wrong line, up to twenty."""
    read = _lines(path)
    filled = [(number, fields) for number, fields in read if any(map(trimmed, fields))]
    if len(filled) < 2:
        raise OperatorError(f"{path} has no subscribers: a line with the columns' names, then a line for each")
    columns, lines = [column.strip() for column in filled[0][1]], filled[1:]
    _check_columns(path, columns)
    complaints = list(_complaints(columns, lines))
    if complaints:
        raise OperatorError("\n  ".join([f"nothing was done: {path} has", *_some(complaints)]))
    rows = [row_of(_named(columns, fields)) for _, fields in lines]
    return Rows(rows, len(read) - len(filled), columns.count(""))


def row_of(given: Mapping[str, str | None]) -> Row:
    """Return the row of these columns; an empty field counts as absent. Only a password keeps its outer spaces."""
    known = {column: trimmed(given.get(column) or "") or None for column in COLUMNS}
    return Row(known["name"] or "", given.get("password") or None, known["display_name"], known["custom_field"])


def wrong_with(row: Row) -> Iterator[str]:
    """Yield what is wrong with a row, without repeating a password."""
    try:
        valid_name(row.name)
    except InvalidFieldError as error:
        yield f"{error.message}: {row.name!r}"
    try:
        PutSubscriber(password=row.password, display_name=row.display_name)
    except ValidationError as error:
        for wrong in error.errors(include_input=False, include_url=False):
            yield _WRONG.get(wrong["type"]) or _WRONG[str(wrong["loc"][0])]
    if not (row.custom_field or "").isprintable():
        yield "custom_field has characters that cannot be printed"


def _lines(path: Path) -> Sequence[_Line]:
    """Return the rows of the file, without empty lines; a quoted field may span several lines."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            return [(reader.line_num, fields) for fields in reader if fields]
    except UnicodeDecodeError as error:
        raise OperatorError(f"{path} cannot be read as UTF-8: save it as CSV in UTF-8 ({error})") from error
    except (OSError, csv.Error) as error:
        raise OperatorError(f"{path} cannot be read as CSV: {error}") from error


def _check_columns(path: Path, columns: Sequence[str]) -> None:
    named = [column for column in columns if column]
    unknown = [column for column in named if column not in COLUMNS]
    if "name" not in named or unknown:
        said = f"not {', '.join(map(repr, unknown))}" if unknown else "and a name for each"
        raise OperatorError(f"{path}: the first line names the columns {', '.join(COLUMNS)}, {said}")
    if len(set(named)) < len(named):
        raise OperatorError(f"{path}: the first line names a column twice")


def _named(columns: Sequence[str], fields: Sequence[str]) -> Mapping[str, str]:
    return {column: field for column, field in zip(columns, fields, strict=False) if column}


def _complaints(columns: Sequence[str], lines: Sequence[_Line]) -> Iterator[str]:
    first: dict[str, int] = {}
    for line, fields in lines:
        row = row_of(_named(columns, fields))
        if any(trimmed(field) for column, field in zip_longest(columns, fields, fillvalue="") if not column):
            yield f"line {line}: more fields than columns with a name"
        if any(field.lstrip().startswith('"') and field[0] != '"' for field in fields):
            yield f"line {line}: a space before a quotation mark: remove it"
        yield from (f"line {line}: {wrong}" for wrong in wrong_with(row))
        if row.name and first.setdefault(row.name, line) != line:
            yield f"line {line}: {row.name} is on line {first[row.name]} already"


def _some(complaints: Sequence[str]) -> Sequence[str]:
    more = len(complaints) - MOST_COMPLAINTS
    return [*complaints[:MOST_COMPLAINTS], *([f"and {more} more"] if more > 0 else [])]
