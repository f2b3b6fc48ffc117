"""What the commands of `switchboard subscribers` are given, and the sides that they work on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cli.subscribers.both_sides import BothSides
from cli.subscribers.patience import Patience
from cli.subscribers.reports import notice
from cli.target import choose
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
JournalPath = Annotated[Path | None, typer.Option(help="Where to note how far it got; FILE.csv.journal unless given.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done; change nothing.")]
Differences = Annotated[bool, typer.Option("--differences", help="Show only those who differ.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Password = Annotated[
    str | None, typer.Option(envvar="SUBSCRIBER_PASSWORD", help="For the built-in login; prefer the variable.")
]
DisplayName = Annotated[str | None, typer.Option(help="What others see.")]
CustomField = Annotated[str | None, typer.Option(help="What Exotel keeps beside the name.")]


@contextmanager
def opened(
    account: str | None, stack: str, *, local: bool, profile: str | None, region: str | None
) -> Iterator[BothSides]:
    """Open both sides of an account; inside they can be asked. Raises OperatorError."""
    target = choose(stack, local=local, profile=profile, region=region)
    sides = BothSides(target, target.account(account), Patience(notice))
    try:
        yield sides
    finally:
        sides.close()
