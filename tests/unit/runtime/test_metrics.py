"""What is written for CloudWatch, line by line."""

import json
from typing import Any

import pytest

from switchboard.runtime import metrics
from switchboard.web.http import Reply, api
from switchboard.web.request import Request
from switchboard.web.request_metrics import count_dial_whom, count_login

EVENT = {"routeKey": "POST /v1/login", "requestContext": {"requestId": "r1"}}


@pytest.fixture(autouse=True)
def function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "staging")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "a_function")


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def answered(
    capsys: pytest.CaptureFixture[str], notes: dict[str, object], count: Any = count_login, **event: Any
) -> dict[str, Any]:
    """Return what was counted of a request with these notes, by name."""
    request = Request(EVENT | event)
    request.notes |= notes
    count(request)
    return {name: line for line in written(capsys) for name in line if name[0].isupper()}


def test_a_metric_has_the_function_the_stage_and_its_own_dimensions(capsys: pytest.CaptureFixture[str]) -> None:
    metrics.emit({metrics.TOKEN_OUTCOME: 2}, outcome="issued")
    (line,) = written(capsys)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Switchboard"
    assert [set(dimensions) for dimensions in directive["Dimensions"]] == [{"service", "stage", "outcome"}]
    assert directive["Metrics"] == [{"Name": "TokenOutcome", "Unit": "Count"}]
    said = (line["service"], line["stage"], line["outcome"], line["TokenOutcome"])
    assert said == ("a_function", "staging", "issued", [2.0])


def test_metrics_share_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    metrics.emit({metrics.PUSH_LATENCY: [120, 80], metrics.STALE_PUSH: 1})
    (line,) = written(capsys)
    assert (line["PushLatency"], line["StalePush"]) == ([120.0, 80.0], [1.0])
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert [metric["Name"] for metric in directive["Metrics"]] == ["PushLatency", "StalePush"]


def test_a_line_has_at_most_the_values_that_cloudwatch_takes(capsys: pytest.CaptureFixture[str]) -> None:
    metrics.emit({metrics.TIMELINE_LAG: list(range(250)), metrics.TIMELINE_EVENT: 250})
    lines = written(capsys)
    assert [len(line["TimelineLag"]) for line in lines] == [100, 100, 50]
    assert [line.get("TimelineEvent") for line in lines] == [[250], None, None]


def test_each_metric_of_a_line_takes_only_its_own_dimensions(capsys: pytest.CaptureFixture[str]) -> None:
    metrics.emit({metrics.DIAL_WHOM_OUTCOME: 1, metrics.DIAL_WHOM_WAIT: 41.5}, outcome="context")
    (line,) = written(capsys)
    assert [directive["Dimensions"] for directive in line["_aws"]["CloudWatchMetrics"]] == [
        [["service", "stage", "outcome"]],
        [["service", "stage"]],
    ]


def test_without_a_value_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    metrics.emit({metrics.PUSH_LATENCY: []})
    assert written(capsys) == []


def test_a_login_counts_as_issued_or_by_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(capsys, {})["TokenOutcome"]["outcome"] == "issued"
    wrong = answered(capsys, {"code": "wrong_credentials"})
    assert (wrong["TokenOutcome"]["outcome"], wrong["LoginFailure"]["LoginFailure"]) == ("wrong_credentials", [1.0])
    assert answered(capsys, {"code": "too_many_logins"})["LoginThrottled"]["LoginThrottled"] == [1.0]
    assert set(answered(capsys, {"code": "exotel_timeout"})) == {"TokenOutcome"}


def test_a_logout_is_no_login(capsys: pytest.CaptureFixture[str]) -> None:
    route = "POST /v1/accounts/{accountSid}/subscribers/{name}/logout"
    assert answered(capsys, {}, routeKey=route) == {}


def test_an_answer_of_dial_whom_counts_by_how_it_was_found_else_by_its_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    nobody = answered(capsys, {"found_by": "no-context", "code": "no_one"}, count_dial_whom)
    assert nobody["DialWhomOutcome"]["outcome"] == "no-context"
    refused = answered(capsys, {"code": "wrong_credentials"}, count_dial_whom)
    assert refused["DialWhomOutcome"]["outcome"] == "wrong_credentials"


def test_a_replayed_event_says_nothing_about_waiting(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(answered(capsys, {}, count_dial_whom)) == {"DialWhomOutcome"}


def test_a_server_error_is_counted_for_every_function(capsys: pytest.CaptureFixture[str]) -> None:
    api({"POST /v1/login": lambda _: Reply(status=500)})(EVENT, None)
    api({"POST /v1/login": lambda _: Reply(status=404)})(EVENT, None)
    assert [line["ServerError"] for line in written(capsys)] == [[1.0]]


def test_a_failing_metric_does_not_change_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: Request) -> None:
        raise RuntimeError

    assert api({"POST /v1/login": lambda _: Reply("yes")}, fail)(EVENT, None)["body"] == "yes"
    assert "not counted" in caplog.messages
