"""RefuseUnknownFunction with its real event: our own 404 for every request."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.deployment import deployed
from tests.events import recorded
from tests.push_stack import log_lines
from tests.sample_apps import android, flutter, ios
from tests.sample_apps.wire import WireAnswer


@pytest.fixture(scope="module")
def function() -> Iterator[Any]:
    with deployed() as deployment:
        yield deployment.function("RefuseUnknownFunction")


def test_a_doubled_slash_before_login_is_answered_in_our_shape(function: Any) -> None:
    answer = function.handler(recorded("refuse_unknown"), None)
    body = json.loads(answer["body"])
    assert answer["statusCode"] == body["http_code"] == 404
    assert (body["code"], body["request_id"]) == ("unknown_route", "refuse-unknown-1")
    assert body["message"].startswith("no such route: write POST /v1/login without doubled or final slashes")


@pytest.mark.parametrize("app", [ios, android, flutter])
def test_every_app_reads_the_404_of_a_wrong_login_url(function: Any, app: Any) -> None:
    answer = function.handler(recorded("refuse_unknown"), None)
    wire = WireAnswer(answer["statusCode"], answer["headers"]["Content-Type"], answer["body"].encode())
    assert app.login(wire) is None


def test_neither_answer_nor_log_repeats_a_path_that_may_hold_exotels_secret(function: Any) -> None:
    event = recorded("refuse_unknown") | {"rawPath": "/v1/hooks/my-secret-path/accounts/demo1m/dialtonumber/"}
    with log_lines() as lines:
        answer = function.handler(event, None)
    assert "my-secret-path" not in answer["body"] + lines.getvalue()


@pytest.mark.parametrize("path", ["", "/" * 9_000, "/\ud800", "/%00", "/\1" * 2_000, None])
def test_no_path_makes_it_fail(function: Any, path: str | None) -> None:
    assert function.handler(recorded("refuse_unknown") | {"rawPath": path}, None)["statusCode"] == 404


def test_an_event_without_anything_is_refused(function: Any) -> None:
    assert function.handler({"routeKey": "$default"}, None)["statusCode"] == 404
