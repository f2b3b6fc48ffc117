from switchboard.runtime.warm import CALL_SECONDS, warm

import ast
from pathlib import Path
from threading import Event

import pytest

from switchboard.aws.errors import ClientError
from tests.sam_template import ROOT


def test_outside_lambda_nothing_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME", raising=False)
    warm(lambda: pytest.fail("called"))


def test_in_lambda_a_failing_call_does_not_keep_the_next_from_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "DialWhom")
    called: list[str] = []
    warm(lambda: 1 / 0, lambda: called.append("second"))
    assert called == ["second"]


def test_a_failure_is_logged_by_aws_error_code_and_not_by_its_text(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused() -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "of some-table"}}, "GetItem")

    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "DialWhom")
    warm(refused)
    (line,) = caplog.records
    assert (line.message, vars(line)["fault"]) == ("warming up failed", "AccessDeniedException")


APPS = sorted((ROOT / "functions").glob("*/app.py"))
LIMIT_SECONDS = 10  # of Lambda's, for INIT as for a restore


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.parent.name)
def test_every_function_imports_it_first_and_calls_it_last(app: Path) -> None:
    _, first, *_, last = ast.parse(app.read_text()).body
    assert ast.unparse(first) == "from switchboard.runtime.warm import warm"
    assert ast.unparse(last).startswith("warm(")


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.parent.name)
def test_all_calls_together_take_less_than_half_of_what_lambda_gives_whatever_hangs(app: Path) -> None:
    last = ast.parse(app.read_text()).body[-1]
    assert isinstance(last, ast.Expr)
    assert isinstance(last.value, ast.Call)
    assert len(last.value.args) * CALL_SECONDS < LIMIT_SECONDS / 2


def test_a_call_that_hangs_is_abandoned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "DialWhom")
    monkeypatch.setattr("switchboard.runtime.warm.CALL_SECONDS", 0.01)
    go_on, called = Event(), list[str]()

    def hang() -> None:
        go_on.wait(10)
        called.append("hung")

    warm(hang, lambda: called.append("next"))
    assert called == ["next"]
    go_on.set()
