"""The results of `switchboard subscribers`: output and exit codes."""

import json
from collections.abc import Mapping, Sequence

import typer
from rich.console import Console

from cli.errors import PROBLEM
from cli.subscribers import screen
from cli.subscribers.changes import Verdict
from cli.subscribers.journal import Settled


def report(
    done: Sequence[Settled], *, as_json: bool, dry_run: bool = False, skipped: Mapping[str, int] | None = None
) -> None:
    """Print the results of an import, and in JSON what was `skipped` in its file; exit with 1 if any name failed."""
    if as_json:
        print_json({"dry_run": dry_run, **screen.summary(done), **({"skipped": skipped} if skipped else {})})
    else:
        screen.print_summary(Console(), done, dry_run=dry_run)
    if any(one.failed for one in done):
        raise typer.Exit(PROBLEM)


def report_changes(what: str, verdicts: Sequence[Verdict], *, as_json: bool) -> None:
    """Print which subscribers were changed and which were not; exit with 1 if a change failed."""
    failures = [{"name": name, "reason": reason} for name, reason in verdicts if reason]
    done = [name for name, reason in verdicts if not reason]
    if as_json:
        print_json({what: done, "failures": failures})
    else:
        Console().print(f"{what}: {', '.join(done) or 'nobody'}", highlight=False)
        screen.print_failures(Console(), failures)
    if failures:
        raise typer.Exit(PROBLEM)


def print_json(value: object) -> None:
    """Print as JSON."""
    print(json.dumps(value, indent=2))


def notice(text: str) -> None:
    """Print a note to stderr."""
    Console(stderr=True).print(text, style="yellow", markup=False, highlight=False, soft_wrap=True)
