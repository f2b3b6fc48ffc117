"""The --help of every command."""

import re
from collections.abc import Iterator

import pytest
import typer
from typer.testing import CliRunner

from cli.app import app


def commands(group: typer.Typer, *before: str) -> Iterator[tuple[str, ...]]:
    yield before
    for one in group.registered_commands:
        assert one.callback
        yield (*before, one.name or one.callback.__name__)
    for sub in group.registered_groups:
        assert sub.typer_instance
        yield from commands(sub.typer_instance, *before, str(sub.name))


@pytest.mark.parametrize("command", list(commands(app)), ids=" ".join)
def test_no_help_shows_how_it_was_made(command: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert re.findall(r"\{[^}]*\}|<[^>]*>|\[\[|\bNone\b|\btyper\b", result.output) == []


def test_all_commands_are_walked() -> None:
    assert {("why",), ("setup",), ("env",), ("subscribers", "import"), ("dlq", "purge")} <= set(commands(app))


def test_an_argument_stands_in_the_usage_as_in_other_commands() -> None:
    output = CliRunner().invoke(app, ["why", "--help"], env={"COLUMNS": "200"}).output
    assert " why [OPTIONS] WHAT" in output
