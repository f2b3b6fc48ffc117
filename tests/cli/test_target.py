"""The target of a command, and the error if it cannot be reached."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.errors import OperatorError
from cli.target import choose
from tests.cli.stack_in_moto import StackInMoto, stack_in_moto
from tests.patience import patience


@pytest.fixture
def stack() -> Iterator[StackInMoto]:
    with stack_in_moto() as made:
        yield made


def test_no_local_stack_at_that_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1")
    monkeypatch.delenv("HOST", raising=False)
    with pytest.raises(OperatorError, match=r"no local stack answers at http://127\.0\.0\.1:1 .* with the same PORT"):
        choose("switchboard", local=True, profile=None, region=None)


def test_a_local_stack_that_serves_the_lan_is_asked_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setenv("HOST", "0.0.0.0")  # noqa: S104 - compared, not bound
    with pytest.raises(OperatorError, match=r"at http://127\.0\.0\.1:1 "):
        choose("switchboard", local=True, profile=None, region=None)


def test_a_resource_that_the_stack_lacks(stack: StackInMoto) -> None:
    target = choose("switchboard", local=False, profile=None, region=None)
    assert target.resource("CallsTable") == "CallsTable"
    assert not target.is_local
    with pytest.raises(OperatorError, match="has no NoSuchTable: was it deployed from this version"):
        target.resource("NoSuchTable")


def test_the_only_account_is_taken_and_others_are_named(stack: StackInMoto) -> None:
    target = choose("switchboard", local=False, profile=None, region=None)
    assert target.account(None) == "demo1m"
    for name in ("WebhookSecret", "AccountsSecret"):
        stack.fill(name, {})
    empty = choose("switchboard", local=False, profile=None, region=None)
    with pytest.raises(OperatorError, match="none yet: run `switchboard setup`"):
        empty.account(None)


def test_why_takes_the_account_from_the_same_variable_as_the_other_commands(stack: StackInMoto) -> None:
    result = CliRunner().invoke(app, ["why", "alice"], env={"EXOTEL_ACCOUNT_SID": "nobody"})
    assert isinstance(result.exception, OperatorError)
    assert str(result.exception) == "the account nobody is not set up here; there is demo1m"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--local", "why", "alice"],
        ["nosuch"],
        *(pytest.param(one, marks=pytest.mark.long) for one in (["--local", "doctor"], ["why"], ["setup", "x"])),
    ],
)
def test_an_unreachable_stack_is_exit_code_2(arguments: list[str]) -> None:
    environment = {"PATH": os.environ["PATH"], "PORT": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=patience(60),
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr
