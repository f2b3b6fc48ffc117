"""Confirmation before a command does what cannot be undone."""

import typer

from cli.errors import OperatorError


def agree(question: str, refused: str, *, yes: bool) -> None:
    """Ask for confirmation, unless `yes` is given. Raises OperatorError(`refused`) for no, or without a terminal."""
    try:
        agreed = yes or typer.confirm(question, err=True)
    except typer.Abort:
        agreed = False
    if not agreed:
        raise OperatorError(f"{refused}; use --yes to skip the question")
