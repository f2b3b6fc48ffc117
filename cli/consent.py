"""Asking before something is done that cannot be undone."""

import typer

from cli.errors import OperatorError


def agree(question: str, refused: str, *, yes: bool) -> None:
    """Ask, unless `yes` says so already. Raises OperatorError(`refused`) for no, and where nobody answers."""
    try:
        agreed = yes or typer.confirm(question, err=True)
    except typer.Abort:
        agreed = False
    if not agreed:
        raise OperatorError(f"{refused}; --yes does it without asking")
