"""Help texts in the usual form: WHAT and TEXT, where typer writes {what} and <str>."""

import re
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_TYPES = {"bool": "", "str": "TEXT", "path": "FILE", "file": "FILE", "int range": "NUMBER", "int": "NUMBER"}


class _Plain:
    """The common part of commands and groups."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - typer's own context, which it does not publish
        """Return the parameters, each with the name and the type that the help shows."""
        found: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in found:
            if param.param_type_name == "argument" and param.metavar is None:
                param.metavar = param.name.upper() + ("..." if param.nargs != 1 else "")
            shown = param.metavar if param.param_type_name == "option" and param.metavar else _type(param, ctx)
            param.display_type_rich = lambda ctx, shown=shown: shown  # noqa: ARG005 - typer passes it
        return found

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ANN401 - as above
        """Return what follows the command's name in its usage."""
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return [re.sub(r"\{(.*?)\}(\.\.\.)?", r"\1", piece) for piece in pieces]


class Command(_Plain, TyperCommand):
    """A command with such help."""


class Group(_Plain, TyperGroup):
    """A group of commands with such help."""


class Commands(typer.Typer):
    """A typer application whose commands have such help."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - typer's
        super().__init__(cls=Group, **options)

    def command[F: Callable[..., Any]](
        self,
        name: str | None = None,
        **options: Any,  # noqa: ANN401 - typer's
    ) -> Callable[[F], F]:
        """Register a command, as typer does."""
        return super().command(name, cls=Command, **options)


def _type(param: Any, ctx: Any) -> str:  # noqa: ANN401 - as above
    shown = str(param.display_type(ctx)).strip("<>").removeprefix("list[").removesuffix("]")
    return _TYPES.get(shown, shown)
