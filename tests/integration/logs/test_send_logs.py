"""Batches of log lines as API Gateway hands them over, against moto."""

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from switchboard.timeline.event import Kind, of_app
from tests.deployment import deployed
from tests.integration.reports.test_ingest_reports import Reports

LINES: list[dict[str, Any]] = [
    {"level": "INFO", "tag": "sip", "message": "registered", "time": 1_700_000_000_000},
    {"level": 4, "tag": "sip", "message": "Authorization: Bearer abc-def", "time": "10:00:01.250"},
    {"message": "only text\nin two lines"},
]


@pytest.fixture
def reports() -> Iterator[Reports]:
    with deployed() as deployment:
        timelines: Any = None
        yield Reports(deployment, deployment.function("IngestReportsFunction"), timelines)


def stored(reports: Reports) -> dict[str, list[Any]]:
    """The lines in the bucket, by key."""
    s3, bucket = reports.deployment.client("s3"), reports.deployment.reference("LogBucket")
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
    read = {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}
    return {key: [json.loads(line) for line in gzip.decompress(content).splitlines()] for key, content in read.items()}


@pytest.mark.parametrize(("said", "platform"), [({}, "android"), ({"platform": "iOS"}, "ios")])
def test_lines_are_stored_without_credentials_beside_the_uploads(
    reports: Reports, said: dict[str, str], platform: str
) -> None:
    status, body = reports.post("logs", {"lines": LINES, **said})
    assert (status, body["accepted"]) == (202, 3)
    ((key, lines),) = stored(reports).items()
    assert re.fullmatch(rf"logs/demo1m/alice/{platform}/\d{{8}}T\d{{6}}Z-[0-9a-f]{{32}}\.ndjson\.gz", key)
    assert lines == [LINES[0], LINES[1] | {"message": "Authorization: Bearer [redacted]"}, LINES[2]]
    (event,) = reports.stored()
    assert (event.kind, event.call, event.subscriber) == (Kind.LOGS_UPLOADED, of_app("alice"), "alice")
    assert (event.details["object"], event.details["lines"]) == (key, 3)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "lines"),
        ({"lines": []}, 422, "lines"),
        ({"lines": LINES * 167}, 422, "lines"),
        ({"lines": [{"level": "INFO"}]}, 422, "lines.0.message"),
        ({"lines": [{"message": "m" * 16_385}]}, 422, "lines.0.message"),
        ({"lines": LINES, "platform": "tizen"}, 422, "platform"),
        ({"lines": [{"message": "m" * 16_000}] * 5}, 413, None),
    ],
)
def test_what_does_not_fit_is_refused_by_name(reports: Reports, body: Any, status: int, field: str | None) -> None:
    answer = reports.post("logs", body)
    assert (answer[0], answer[1].get("field")) == (status, field)
    assert stored(reports) == {}


def test_log_lines_need_a_session_of_the_same_subscriber(reports: Reports) -> None:
    assert reports.post("logs", {"lines": LINES}, headers={})[0] == 401
    assert reports.post("logs", {"lines": LINES}, headers=reports.session("bob"))[0] == 403


def test_too_many_log_batches_are_refused_with_a_retry_after(reports: Reports) -> None:
    headers = reports.session("alice")
    answers = [reports.post("logs", {"lines": LINES[:1]}, headers=headers) for _ in range(52)]
    refused = [body for status, body in answers if status == 429]  # a minute may have ended in between
    assert refused[-1]["code"] == "too_many_requests"
    assert 1 <= int(refused[-1]["headers"]["Retry-After"]) <= 60
    assert reports.post("logs", {"lines": LINES[:1]}, name="bob")[0] == 202
