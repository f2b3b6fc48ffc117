from switchboard.edge.warm import warm

import pytest


def test_outside_lambda_nothing_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME", raising=False)
    warm(lambda: pytest.fail("called"))


def test_in_lambda_a_failing_call_does_not_keep_the_next_from_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "DialWhom")
    called: list[str] = []
    warm(lambda: 1 / 0, lambda: called.append("second"))
    assert called == ["second"]
