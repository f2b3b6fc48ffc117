"""The arguments of `switchboard subscribers`, and how its commands open both sides."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cli.chosen import Chosen
from cli.subscribers.both_sides import BothSides
from cli.subscribers.patience import Patience
from cli.subscribers.reports import notice
from switchboard.foundation.typed_text import trimmed

Name = Annotated[str, typer.Argument(help="The subscriber's name.", show_default=False)]
Names = Annotated[
    list[str],
    typer.Argument(
        help="The subscribers' names.", show_default=False, callback=lambda names: [trimmed(name) for name in names]
    ),
]
CsvFile = Annotated[
    Path, typer.Argument(metavar="FILE.csv", help="Columns: name, password?, display_name?, custom_field?")
]
JournalPath = Annotated[Path | None, typer.Option(help="The file that records the progress; default FILE.csv.journal.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the changes; make none.")]
Differences = Annotated[bool, typer.Option("--differences", help="Show only subscribers that differ.")]
Pseudonymise = Annotated[
    bool,
    typer.Option("--pseudonymise", help="Keep the records of their calls, for CallRetentionDays, without the names."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Password = Annotated[
    str | None,
    typer.Option(
        envvar="SUBSCRIBER_PASSWORD", help="For the built-in login; use the variable, since others can see options."
    ),
]
DisplayName = Annotated[str | None, typer.Option(help="The name that others see.")]
CustomField = Annotated[str | None, typer.Option(help="A text that Exotel stores with the name.")]


@contextmanager
def opened(chosen: Chosen) -> Iterator[BothSides]:
    """Open both sides of an account for the block. Raises OperatorError."""
    target = chosen.target()
    sides = BothSides(target, target.account(chosen.account), Patience(notice))
    try:
        yield sides
    finally:
        sides.close()
