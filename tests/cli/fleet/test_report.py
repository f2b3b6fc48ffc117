"""`switchboard report`: a period's figures as tables, JSON and a picture."""

import json
import struct
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from requests import Response, Session

from cli.errors import OperatorError
from cli.report.figures import acknowledged, failure, percentile
from cli.report.google import google_reports
from cli.report.period import period
from cli.webhooks import DOCTOR
from local.simulators.faults import Fault
from local.simulators.service_account import new_service_account
from switchboard.foundation.aged_value import Fetched
from switchboard.pushes.google_oauth import ServiceAccountTokens
from switchboard.timeline.entry import entries_of
from switchboard.timeline.event import Detail, Event, Kind, of_app
from tests.benches.record_call import Recorder, on_dynamodb
from tests.cli.fleet.conftest import Fleet

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
PUSHES = [f"push{number}" for number in range(1, 5)]


def now() -> int:
    return int(time.time() * 1000)


def event(call: str, kind: Kind, ago: int, subscriber: str | None = None, **details: Detail) -> Event:
    return Event("demo1m", call, kind, now() - ago, subscriber, details)


def call(number: int, ago: int, latency: int, dial_status: str, talked: int | None = None) -> list[Event]:
    sid, push = f"sid{number}", f"push{number}"
    ended: dict[str, Any] = {
        "call_type": "completed" if talked else "incomplete",
        "dial_status": dial_status,
        "duration_s": talked,
    }
    return [
        event(sid, Kind.DIAL_WHOM, ago, caller="alice", callee="bob", route="context"),
        event(push, Kind.PUSH_ACCEPTED, ago, "bob", caller="alice", push_id=push),
        event(push, Kind.PUSH_SENT, ago, "bob", push_id=push, outcome="accepted", latency_ms=latency),
        event(sid, Kind.EXOTEL_EVENT, ago, hook="passthru", event="terminal", **{k: v for k, v in ended.items() if v}),
    ]


@pytest.fixture
def recorder(fleet: Fleet) -> Recorder:
    return on_dynamodb(client=fleet.client("dynamodb"), calls=fleet.resources["CallsTable"])


def store(recorder: Recorder, events: list[Event]) -> None:
    """Store events, those of a numbered call's push under the call."""
    for entry in entries_of(events):
        call = f"sid{entry.call.removeprefix('push')}" if entry.call in PUSHES and not entry.told_by else entry.call
        recorder.entries.put([replace(entry, call=call)])
        if call != entry.call:
            recorder.entries.point(entry.account, entry.call, call)


@pytest.fixture
def filled(fleet: Fleet, recorder: Recorder) -> Fleet:
    """Three calls of the last days, one of them rated twice under two of its ids, and an old one."""
    store(
        recorder, [*call(1, HOUR, 120, "completed", 60), *call(2, DAY, 480, "no-answer"), *call(3, 2 * DAY, 90, "busy")]
    )
    store(recorder, call(4, 20 * DAY, 9_999, "no-answer"))
    store(
        recorder,
        [
            event("push1", Kind.FEEDBACK, HOUR // 2, "bob", rating=2, issue="ECHO"),
            event("sid1", Kind.FEEDBACK, HOUR // 3, "bob", rating=5, issue="NO_ISSUE"),
            event("sid1", Kind.FEEDBACK, HOUR // 3, "alice", rating=4, issue="NO_AUDIO"),
            event("push5", Kind.PUSH_SENT, HOUR, "bob", outcome="dead-token", reason="UNREGISTERED"),
            event("push5", Kind.PUSH_ENDED, HOUR, "bob", outcome="stale"),
            event("sid6", Kind.DIAL_WHOM, HOUR, caller="carol"),
            event(DOCTOR, Kind.DIAL_WHOM, HOUR, caller=DOCTOR),  # no call, so counted nowhere
            event(of_app("carol"), Kind.SDK_ERROR, HOUR, "carol", type="CONGESTION_ERROR"),
            Event("other1m", "sid1", Kind.FEEDBACK, now(), "bob", {"rating": 1, "issue": "ECHO"}),
        ],
    )
    return fleet


def test_a_period_is_counted(filled: Fleet) -> None:
    found = filled.json("report", "--since", "7d")
    calls = found["calls"]
    assert (calls["answered"], calls["missed"], calls["rejected"]) == (1, 1, 1)
    assert calls["total"] == 5  # and a push that names no call, and one that Dial Whom had nobody for
    assert (found["ratings"]["total"], found["ratings"]["average"]) == (2, 4.5)
    assert found["issues"] == {"NO_ISSUE": 1, "NO_AUDIO": 1}
    assert found["delivery"] == {"accepted": 3, "p50_ms": 120, "p95_ms": 480, "p99_ms": 480}
    assert found["failures"] == {
        "push to a phone: dead-token, UNREGISTERED": 1,
        "push: stale": 1,
        "Dial Whom: no one to connect to": 1,
        "app: CONGESTION_ERROR": 1,
    }


def of_push(number: int, *platforms: str, acks: tuple[int, ...] = ()) -> list[Event]:
    """Return the events of a push that phones of these platforms took, and of acks so many ms after it."""
    push, at = f"push-{number}", 1_000_000
    return [
        Event("demo1m", push, Kind.PUSH_ACCEPTED, at, "bob", {"push_id": push}),
        *(
            Event("demo1m", push, Kind.PUSH_SENT, at, "bob", {"push_id": push, "outcome": "accepted", "platform": one})
            for one in platforms
        ),
        Event("demo1m", push, Kind.PUSH_SENT, at, "bob", {"push_id": push, "outcome": "retry", "platform": "ios"}),
        *(Event("demo1m", push, Kind.PUSH_ACKNOWLEDGED, at + ack, "bob", {"push_id": push}) for ack in acks),
    ]


def test_the_first_ack_of_a_push_counts_for_the_platform_of_its_phones() -> None:
    assert list(acknowledged(of_push(1, "android", acks=(700, 9_000)))) == [("android", 700)]
    assert list(acknowledged(of_push(1, "android", "android", acks=(700,)))) == [("android", 700)]
    assert list(acknowledged(of_push(1, "android", "ios", acks=(800,)))) == [("several", 800)]
    assert list(acknowledged(of_push(1, acks=(900,)))) == [("unknown", 900)]
    assert list(acknowledged(of_push(1, "ios"))) == []
    assert list(acknowledged([*of_push(1, "ios", acks=(5,)), *of_push(2, "android", acks=(6,))])) == [
        ("ios", 5),
        ("android", 6),
    ]


def test_acks_are_reported_by_platform(filled: Fleet, recorder: Recorder) -> None:
    acks = [("push1", HOUR, 0), ("push2", DAY, MINUTE)]  # told a moment later, as long as the machine takes
    store(
        recorder,
        [event(push, Kind.PUSH_ACKNOWLEDGED, ago - later, "bob", push_id=push) for push, ago, later in acks],
    )
    found = filled.json("report", "--since", "7d")["acknowledged"]
    assert set(found) == {"unknown"}  # the pushes above name no platform
    assert found["unknown"]["pushes"] == 2
    assert 0 <= found["unknown"]["p50_ms"] < MINUTE <= found["unknown"]["p95_ms"]
    assert "push to ack" in filled.run("report").output


def test_a_shorter_period_has_less(filled: Fleet) -> None:
    assert filled.json("report", "--since", "12h")["delivery"]["accepted"] == 1
    assert filled.json("report", "--since", "4w")["delivery"]["accepted"] == 4


def test_without_json_the_report_is_tables(filled: Fleet) -> None:
    shown = filled.run("report").output
    for words in ("Account demo1m", "p95 ms", "answered", "NO_AUDIO", "CONGESTION_ERROR", "4.5"):
        assert words in shown


def test_an_empty_period_is_no_error(fleet: Fleet, tmp_path: Path) -> None:
    found = fleet.json("report", "--picture", str(tmp_path / "report.png"))
    assert (found["calls"]["total"], found["ratings"]["average"], found["delivery"]["p50_ms"]) == (0, None, None)
    assert "ratings" in fleet.run("report").output


def test_the_picture_is_a_png_of_some_size(filled: Fleet, tmp_path: Path) -> None:
    path = tmp_path / "report.png"
    assert filled.run("report", "--picture", str(path)).exit_code == 0
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert (width, height) == (1440, 1200)


def test_a_picture_that_cannot_be_written_is_an_error(fleet: Fleet, tmp_path: Path) -> None:
    result = fleet.run("report", "--picture", str(tmp_path / "nosuch" / "report.png"))
    assert isinstance(result.exception, OperatorError)
    assert "cannot be written" in str(result.exception)


def test_many_items_are_read_page_by_page(fleet: Fleet, recorder: Recorder) -> None:
    padding = "x" * 3_000
    store(recorder, [event(f"sid{n}", Kind.EXOTEL_EVENT, HOUR, status=padding) for n in range(500)])
    assert fleet.json("report", "--since", "1d")["calls"]["total"] == 500


def google(fleet: Fleet) -> None:
    """Put the simulated Firebase project into the PushSecret; FCM has accepted four messages for Android."""
    secret = {"fcm": fleet.simulators.service_account.as_file(), "fcm_base_url": fleet.simulators.fcm_base_url}
    fleet.client("secretsmanager").put_secret_value(SecretId="Push-x", SecretString=json.dumps(secret))
    for label, number in (("call", 2), ("cancel", 1), ("", 1)):
        options = {"fcmOptions": {"analyticsLabel": label}} if label else {}
        for _ in range(number):
            fleet.simulators.pushes.record({"token": "a", "android": {}} | options, 200)
    fleet.simulators.pushes.record({"token": "an iPhone", "apns": {}, "fcmOptions": {"analyticsLabel": "call"}}, 200)
    fleet.simulators.pushes.record({"token": "gone", "android": {}}, 404)


def test_googles_own_reports_are_shown_by_label(fleet: Fleet) -> None:
    google(fleet)
    labels = fleet.json("report")["google"]["labels"]
    assert {label: shown["messages"] for label, shown in labels.items()} == {
        "call": 2,
        "cancel": 1,
        "without a label": 1,
    }
    assert (labels["call"]["delivered"], labels["call"]["force_stopped"]) == (100.0, None)
    shown = fleet.run("report").output
    assert "Google's delivery reports" in shown
    assert "priority lowered %" in shown


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("fcm-data", status=403, times=2), "roles/firebasenotifications.viewer"),
        (Fault("fcm-data", status=403, error_code="SERVICE_DISABLED", times=2), "is not enabled in the project"),
        (Fault("fcm-data", status=404, times=2), "knows no Android app"),
        (Fault("fcm-data", status=503, times=2), "Google answers 503"),
        (Fault("fcm-oauth", status=401, times=2), "refuses the service account (OAuth 401"),
    ],
)
def test_what_google_refuses_is_one_line_and_the_rest_is_reported(filled: Fleet, fault: Fault, said: str) -> None:
    google(filled)
    filled.faults.add(fault)
    assert said in filled.json("report")["google"]["unavailable"]
    result = filled.run("report")
    (line,) = [line for line in result.output.splitlines() if "Google's delivery reports" in line]
    assert said in line
    assert "p95 ms" in result.output


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"private_key": "no key"}, "no valid"), ({"token_uri": "http://127.0.0.1:9/token"}, "Google does not answer")],
    ids=["no key", "no answer"],
)
def test_a_key_of_no_use_is_one_line(fleet: Fleet, changes: dict[str, str], said: str) -> None:
    account = fleet.simulators.service_account.as_file() | changes
    fleet.client("secretsmanager").put_secret_value(SecretId="Push-x", SecretString=json.dumps({"fcm": account}))
    assert said in fleet.json("report")["google"]["unavailable"]


@pytest.mark.parametrize(
    ("body", "said"), [("no JSON", "does not answer"), ('{"apps": [{}]}', "another form"), ("[]", "another form")]
)
def test_an_answer_of_another_form_is_one_line(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, body: str, said: str
) -> None:
    google(fleet)
    answer = Response()
    answer.status_code, answer._content = 200, body.encode()
    monkeypatch.setattr(Session, "get", lambda *_, **__: answer)
    assert said in fleet.json("report")["google"]["unavailable"]


def test_without_fcm_google_is_not_asked(fleet: Fleet) -> None:
    assert fleet.json("report")["google"] is None


def test_googles_percentages_are_weighted_by_messages_and_other_days_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def entry(day: int, messages: int, delivered: float) -> dict[str, Any]:
        data = {"countMessagesAccepted": str(messages), "messageOutcomePercents": {"delivered": delivered}}
        return {"analyticsLabel": "call", "date": {"year": 2026, "month": 1, "day": day}, "data": data}

    pages = {
        "": {"androidDeliveryData": [entry(1, 100, 50.0), entry(2, 300, 90.0)], "nextPageToken": "2"},
        "2": {"androidDeliveryData": [entry(3, 100, 70.0), entry(4, 999, 1.0)]},
    }

    def answer(session: Session, address: str, params: dict[str, str], **_: object) -> Response:
        found, response = pages[params.get("pageToken", "")], Response()
        body = {"apps": [{"appId": "1:2:android:3"}]} if address.endswith("/androidApps") else found
        assert address.startswith(("https://firebase.googleapis.com/", "https://fcmdata.googleapis.com/"))
        response.status_code, response._content = 200, json.dumps(body).encode()
        return response

    monkeypatch.setattr(ServiceAccountTokens, "fetch", lambda _: Fetched("a-token", 60))
    monkeypatch.setattr(Session, "get", answer)
    account = new_service_account("https://oauth2.googleapis.com/token").as_file()
    found = google_reports(account, None, date(2026, 1, 2), date(2026, 1, 3))
    assert (found["call"]["messages"], found["call"]["delivered"], found["call"]["pending"]) == (400, 85.0, None)


NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("45m", datetime(2026, 1, 31, 11, 15, tzinfo=UTC)),
        ("7d", datetime(2026, 1, 24, 12, tzinfo=UTC)),
        ("2w", datetime(2026, 1, 17, 12, tzinfo=UTC)),
        ("2026-01-30", datetime(2026, 1, 30, tzinfo=UTC)),
        ("2026-01-31T12:00+05:30", datetime(2026, 1, 31, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_period_is_a_duration_or_begins_on_a_day(text: str, since: datetime) -> None:
    assert period(text, NOON).since == since


@pytest.mark.parametrize("text", ["", "7", "d", "-1d", "soon", "2026-02-01"])
def test_an_invalid_period_is_refused(text: str) -> None:
    with pytest.raises(OperatorError, match="--since"):
        period(text, NOON)


def test_percentiles_are_values_that_occurred() -> None:
    values = list(range(1, 101))
    assert [percentile(values, percent) for percent in (50, 95, 99)] == [50, 95, 99]
    assert percentile([7], 99) == 7
    assert percentile([], 50) is None


def test_a_successful_event_is_no_failure() -> None:
    assert failure(event("p", Kind.PUSH_SENT, 0, outcome="accepted")) is None
    assert failure(event("p", Kind.PUSH_ENDED, 0, outcome="repeated")) is None
    assert failure(event("p", Kind.FEEDBACK, 0, rating=1)) is None
    assert failure(event("p", Kind.SDK_ERROR, 0)) == "app: unknown"
