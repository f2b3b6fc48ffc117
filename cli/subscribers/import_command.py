"""`switchboard subscribers import`."""

from collections.abc import Mapping, Sequence

import typer
from rich.console import Console

from cli.chosen import Chosen
from cli.progress import progress
from cli.subscribers import arguments
from cli.subscribers.arguments import opened
from cli.subscribers.both_sides import BothSides
from cli.subscribers.bulk_import import Import
from cli.subscribers.journal import Settled
from cli.subscribers.journal_file import JournalFile
from cli.subscribers.reports import notice, report
from cli.subscribers.rows import Row, Rows, read_rows
from cli.subscribers.wanted import preview

INTERRUPTED = 130  # the exit code that shells show after Ctrl-C


def import_(
    context: typer.Context,
    file: arguments.CsvFile,
    *,
    dry_run: arguments.DryRun = False,
    journal: arguments.JournalPath = None,
) -> None:
    """Add many subscribers from a CSV on both sides. An import that was stopped continues when it is run again."""
    read = read_rows(file)
    rows, skipped = read.rows, _skipped(read)
    chosen = Chosen.by(context)
    with opened(chosen) as sides:
        if dry_run:
            report(list(preview(sides, rows)), as_json=chosen.as_json, dry_run=True, skipped=skipped)
            return
        path = journal or file.with_name(f"{file.name}.journal")
        about = {"account": sides.sid, "stack": sides.stack}
        with JournalFile(path, about, file.read_bytes()) as kept:
            done = _imported(sides, kept, rows)
            if not any(one.failed for one in done):
                kept.remove()
    report(done, as_json=chosen.as_json, skipped=skipped)


def _skipped(read: Rows) -> Mapping[str, int]:
    """Print what was skipped in the file, if anything, and return it for JSON."""
    rows, columns = read.empty_rows, read.nameless_columns
    if rows or columns:
        notice(f"skipped: rows of only separators: {rows}; columns without a name: {columns}")
    return {"empty_rows": rows, "nameless_columns": columns}


def _imported(sides: BothSides, journal: JournalFile, rows: Sequence[Row]) -> Sequence[Settled]:
    if journal.outdated:
        notice("the CSV has changed since the last import, so all rows are checked again")
    left = len(Import(sides, journal).waiting(rows))
    if left < len(rows):
        notice(f"{len(rows) - left} of {len(rows)} names are done already; continuing with the rest")
    with progress(Console(stderr=True), "importing", len(rows)) as advance:
        try:
            return Import(sides, journal, advance).run(rows)
        except KeyboardInterrupt:
            notice(f"stopped after {len(rows) - len(Import(sides, journal).waiting(rows))} of {len(rows)} names")
            notice("run the same command again to continue")
            raise typer.Exit(INTERRUPTED) from None
