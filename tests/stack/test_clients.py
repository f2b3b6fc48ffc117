"""The clients in clients/ against the deployed stack: what they send, and what they do when something goes wrong."""

import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from docs.openapi.document import app_document
from local import demo
from local.calls.call_data import call_data
from tests.clients.driver import LANGUAGES, Driver, driving
from tests.clients.recorder import Exchange, Recorder, recording
from tests.sam_template import ROOT
from tests.stack.conftest import Api, wait_until

pytestmark = pytest.mark.long
DOCUMENT = app_document()
EXCHANGES = json.loads((ROOT / "clients" / "exchanges.json").read_text())


@dataclass
class Scene:
    """Two users of a test's own, each with a phone in one language behind a recorder."""

    api: Api
    command: Sequence[str | Path]
    recorder: Recorder
    stack: ExitStack

    def phone(self, name: str, *, token: str = "") -> Driver:
        """Start the client of a user who is logged in; with a token it rings."""
        driver = self.stack.enter_context(
            driving(
                self.command,
                baseUrl=f"{self.recorder.base_url}/v1",
                accountSid=demo.ACCOUNT,
                deviceId=f"device-of-{name}",
                platform="android",
            )
        )
        assert driver.do("login", user=name, password=demo.PASSWORD) is None
        if token:
            assert driver.do("pushToken", token={"deviceToken": token, "tokenType": "fcm"}) is None
        return driver

    def user(self) -> str:
        """Create a user."""
        name = f"c{uuid.uuid4().hex[:12]}"
        server = {"Authorization": f"Bearer {demo.SERVER_KEY}"}
        body = {"password": demo.PASSWORD, "display_name": name.capitalize()}
        assert self.api.http.put(self.api.subscriber(name), json=body, headers=server).is_success
        return name

    def push(self, caller: str, callee: str, token: str) -> dict[str, str]:
        """Do what Exotel does after a dial; return the data of the push that the callee's phone gets."""
        call_sid = uuid.uuid4().hex
        assert self.api.dial_whom(caller, call_sid).text == f"sip:{callee}"
        payload = call_data(caller)
        assert self.api.push(callee, payload).status_code == 200
        pushes = self.api.stack.simulators.pushes
        wait_until(lambda: any(one.token == token for one in pushes.accepted(payload)), 30)
        return dict(pushes.accepted(payload)[-1].data)


@pytest.fixture(scope="module", params=LANGUAGES)
def command(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sequence[str | Path]:
    return LANGUAGES[request.param](tmp_path_factory.mktemp(request.param))


@contextmanager
def opened(api: Api, command: Sequence[str | Path]) -> Iterator[Scene]:
    with recording(api.stack.base_url) as recorder, ExitStack() as stack:
        yield Scene(api, command, recorder, stack)


@pytest.fixture
def scene(denying: Api, command: Sequence[str | Path]) -> Iterator[Scene]:
    with opened(denying, command) as scene:
        yield scene


def fits_the_document(one: Exchange) -> None:
    operation = DOCUMENT["paths"][one.route][one.method.lower()]
    components = {"components": DOCUMENT["components"]}
    if one.body is not None and "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        Draft202012Validator(schema | components).validate(one.body)
    schema = operation["responses"][str(one.status)]["content"]["application/json"]["schema"]
    Draft202012Validator(schema | components).validate(one.answer)


def rung(scene: Scene) -> tuple[str, str, Driver, Driver, dict[str, str]]:
    """Let one user call the other, up to where the callee's phone rings."""
    caller, callee, token = scene.user(), scene.user(), uuid.uuid4().hex
    calling, called = scene.phone(caller), scene.phone(callee, token=token)
    assert calling.do("dial", callee=callee, message="about your order") is None
    assert calling.told("dial") == [[demo.EXOPHONE]]
    data = scene.push(caller, callee, token)
    assert called.do("push", data=data) is None
    return caller, callee, calling, called, data


def test_a_call_from_login_to_history_is_what_every_client_sends(scene: Scene) -> None:
    caller, callee, calling, called, data = rung(scene)
    push_id, call = data["pushId"], data["callUuid"]
    shown = caller.capitalize()
    assert called.seen == [
        ["ring", call, data["callerName"]],
        ["relay", data["payload"], data["payloadVersion"]],
        ["update", call, shown, "about your order"],
    ]
    calling.do("initiated", session="session-of-the-caller")
    called.do("incoming", session="session-of-the-callee", caller=caller)
    called.do("answer")
    assert called.seen == [["answered", call], ["answer"]]
    called.do("established")
    called.do("ended", cdr={"state": "ENDED", "duration": 32, "endReason": "NONE"})
    assert called.seen == [["end", call, "ended"]]
    calling.do("ended", cdr={"state": "ENDED", "duration": 32, "endReason": "NONE"})

    (of_callee, of_caller) = [one.body["events"] for one in scene.recorder.sent("/events")]
    assert [one["name"] for one in of_callee] == ["onIncomingCall", "onCallEstablished", "onCallEnded"]
    assert {(one["pushId"], one["sessionId"]) for one in of_callee} == {(push_id, "session-of-the-callee")}
    assert [one["name"] for one in of_caller] == ["onCallInitiated", "onCallEnded"]
    assert [one.body["state"] for one in scene.recorder.sent("/ack")] == ["ringing", "answered"]

    feedback = {"callId": push_id, "rating": 4, "issue": "ECHO", "comment": "twice", "statistics": {"MOS": 3.9}}
    wait_until(lambda: called.do("feedback", feedback=feedback) is None, 20)
    assert called.do("logs", lines=[{"level": "INFO", "tag": "sip", "message": "registered", "time": 1}]) is None
    listed: dict[str, Any] = {}

    def in_history() -> bool:
        listed.update(called.do("calls", limit=5))
        return [one["push_ids"] for one in listed["calls"]] == [[push_id]]

    wait_until(in_history, 20)
    assert listed["calls"][0]["other_party"] == caller
    assert called.do("calls", limit=1, cursor="never-given") == {
        "status": 422,
        "code": "invalid_cursor",
        "field": "cursor",
    }
    assert any(group["contacts"] for group in called.do("contacts"))
    assert called.do("authenticationFailure", type="AUTHENTICATION_EXPIRED_TOKEN", message="expired") is None
    assert called.seen == [["initialize", callee]]
    assert calling.do("clearContext") is None
    assert called.do("logout") is None
    assert called.seen == [["stop"], ["loggedOut"]]
    assert scene.api.devices(callee) == 0

    assert called.do("loginWithIdToken", token="a.b.c")["code"] == "no_issuer"

    for one in scene.recorder.exchanges:
        fits_the_document(one)
    assert distinct(one.shape for one in scene.recorder.exchanges if one.status < 500) == EXCHANGES


def distinct(shapes: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return [json.loads(one) for one in sorted({json.dumps(shape) for shape in shapes})]


def test_a_wrong_password_and_a_refused_field_are_errors_that_an_app_can_read(scene: Scene) -> None:
    name = scene.user()
    phone = scene.phone(name)
    assert phone.do("login", user=name, password="wrong") == {
        "status": 403,
        "code": "wrong_credentials",
        "field": None,
    }
    assert phone.do("dial", callee="wa:bob", message="")["code"] == "unsupported_destination"
    assert phone.seen == []  # the call is not placed
    assert phone.do("feedback", feedback={"callId": "?", "rating": 4, "issue": "ECHO"})["field"] == "callId"


def test_events_wait_for_the_network_and_for_the_next_start(scene: Scene) -> None:
    phone = scene.phone(scene.user())
    scene.recorder.is_cut = True
    for number in range(130):
        phone.do("report", event={"name": f"onEvent{number}", "sessionId": f"call-{number // 5}"})
    assert phone.do("flush") == {"status": 0, "code": "offline", "field": None}
    phone.do("restart")
    scene.recorder.is_cut = False
    assert phone.do("start") is True

    batches = [one.body["events"] for one in scene.recorder.sent("/events")]
    assert [one["name"] for batch in batches for one in batch] == [f"onEvent{number}" for number in range(130)]
    assert [len(batch) for batch in batches] == [80, 50]  # 16 ids in a request
    assert {one.status for one in scene.recorder.sent("/events")} == {202}
    assert all(one["time"] > 1_700_000_000_000 for batch in batches for one in batch)


def test_an_event_that_is_refused_does_not_hold_up_those_after_it(scene: Scene) -> None:
    phone = scene.phone(scene.user())
    phone.do("report", event={"name": "onBad", "sessionId": "no id"})
    assert phone.do("flush") is None
    phone.do("report", event={"name": "onGood"})
    assert phone.do("flush") is None
    assert [one.status for one in scene.recorder.sent("/events")] == [422, 202]


def test_another_user_of_the_phone_does_not_report_the_events_of_the_one_before(scene: Scene) -> None:
    phone, other = scene.phone(scene.user()), scene.user()
    phone.do("report", event={"name": "onMine"})
    assert phone.do("login", user=other, password=demo.PASSWORD) is None
    assert phone.do("flush") is None
    assert scene.recorder.sent("/events") == []


def test_a_call_that_is_cancelled_stops_ringing_and_does_not_ring_again(scene: Scene) -> None:
    *_, called, data = rung(scene)
    cancel = {"type": "cancel", "subscriberName": data["subscriberName"], "callUuid": data["callUuid"]}
    called.do("push", data=cancel | {"reason": "answeredElsewhere", "pushId": data["pushId"], "at": "1"})
    assert called.seen == [["end", data["callUuid"], "answeredElsewhere"]]
    called.do("push", data=data)
    assert called.seen == []
    called.do("incoming", session="late", caller="")
    assert called.seen == [["hangUp"]]


def test_a_cancel_that_overtakes_its_call_or_is_for_another_user_is_understood(scene: Scene) -> None:
    name = scene.user()
    phone = scene.phone(name)
    invite = {"type": "call", "subscriberName": name, "payload": "a.b.c", "payloadVersion": "2", "callerName": "Alice"}
    phone.do("push", data={"type": "cancel", "subscriberName": name, "callUuid": "first", "reason": "callerHungUp"})
    phone.do("push", data=invite | {"callUuid": "first"})
    assert phone.seen == []
    phone.do("push", data={"type": "cancel", "subscriberName": "another", "callUuid": "second", "reason": "ended"})
    phone.do("push", data=invite | {"callUuid": "second"})
    assert phone.told("ring") == [["second", "Alice"]]
    phone.do("push", data=invite | {"subscriberName": "another", "callUuid": "third"})
    assert phone.seen == []


def test_an_answered_call_does_not_end_by_a_cancel_and_a_second_call_finds_it_busy(scene: Scene) -> None:
    caller, callee, calling, called, data = rung(scene)
    called.do("answer")
    assert called.seen == [["answered", data["callUuid"]]]  # the SDK has not got the call yet
    called.do("incoming", session="session", caller=caller)
    assert called.seen == [["answer"]]
    called.do(
        "push", data={"type": "cancel", "subscriberName": callee, "callUuid": data["callUuid"], "reason": "ended"}
    )
    assert called.seen == []
    called.do("push", data=data)
    assert called.seen == []  # the same call again
    called.do("push", data=data | {"callUuid": "another", "pushId": "b" * 40})
    assert called.seen == []
    assert [one.body["state"] for one in scene.recorder.sent("/ack")] == ["ringing", "answered", "busy"]
    assert calling.do("clearContext") is None


def test_a_declined_call_ends_and_so_does_one_that_nobody_answers(scene: Scene) -> None:
    *_, called, data = rung(scene)
    called.do("decline")
    assert called.seen == [["end", data["callUuid"], "declined"]]
    called.do("incoming", session="the SDK is a moment behind the push", caller="")
    assert called.seen == [["hangUp"]]
    assert [one.body["state"] for one in scene.recorder.sent("/ack")] == ["ringing", "declined"]
    called.do("push", data=data | {"callUuid": "unanswered", "sentAt": "1000", "expiresAt": "1300"})
    seen = called.seen
    called.do("wait", ms=1000)
    seen += called.seen
    assert [one for one in seen if one[0] in ("ring", "end")] == [
        ["ring", "unanswered", data["callerName"]],
        ["end", "unanswered", "ended"],
    ]


def test_an_answered_call_that_does_not_come_about_ends(scene: Scene) -> None:
    name = scene.user()
    phone = scene.phone(name)
    invite = {"subscriberName": name, "payload": "a.b.c", "payloadVersion": "2", "callUuid": "silent"}
    phone.do("push", data=invite | {"sentAt": "1000", "expiresAt": "1300"})
    phone.do("answer")
    seen = phone.seen
    phone.do("wait", ms=1000)
    assert seen + phone.seen == [["answered", "silent"], ["end", "silent", "ended"]]


def test_a_phone_that_dials_is_busy(scene: Scene) -> None:
    caller = scene.user()
    phone = scene.phone(caller)
    assert phone.do("dial", callee=scene.user(), message="") is None
    invite = {"subscriberName": caller, "payload": "a.b.c", "payloadVersion": "2", "pushId": "c" * 40}
    phone.do("push", data=invite | {"callUuid": "second"})
    assert phone.seen == []
    assert [one.body["state"] for one in scene.recorder.sent("/ack")] == ["busy"]
    phone.do("ended", cdr={"state": "ENDED", "duration": 0, "endReason": "BUSY"})
    phone.do("push", data=invite | {"callUuid": "third"})
    assert [one[0] for one in phone.seen] == ["ring", "relay"]


def test_a_missed_call_is_shown_and_does_not_ring(scene: Scene) -> None:
    phone = scene.phone(scene.user())
    phone.do("push", data={"type": "missedCall", "caller": "alice", "callSid": "1", "at": "1700000000000"})
    assert phone.seen == [["missed", "alice", 1700000000000]]


def test_an_app_that_the_push_has_started_brings_the_sdk_up_first(scene: Scene) -> None:
    *_, called, data = rung(scene)
    called.do("restart")
    called.do("push", data=data)
    assert [name for name, *_ in called.seen] == ["ring", "initialize", "relay", "update"]


def test_the_app_and_the_push_that_started_it_bring_the_sdk_up_once(scene: Scene) -> None:
    *_, called, data = rung(scene)
    called.do("restart")
    assert called.do("startedByPush", data=data) is None
    assert sorted(name for name, *_ in called.seen) == ["initialize", "relay", "ring", "update"]


def test_tokens_are_renewed_once_for_a_burst_of_failures(scene: Scene) -> None:
    phone = scene.phone(scene.user())
    for _ in range(5):
        assert phone.do("authenticationFailure", type="AUTHENTICATION_EXPIRED_TOKEN", message="") is None
    assert [one.status for one in scene.recorder.sent("/token")] == [200]


def test_tokens_that_could_not_be_renewed_do_not_keep_the_sdk_down(scene: Scene) -> None:
    *_, called, data = rung(scene)
    called.do("ended", cdr={})
    scene.recorder.is_cut = True
    assert called.do("authenticationFailure", type="AUTHENTICATION_EXPIRED_TOKEN", message="")["code"] == "offline"
    scene.recorder.is_cut = False
    called.do("push", data=data | {"callUuid": "next"})
    assert [name for name, *_ in called.seen] == ["ring", "initialize", "relay", "update"]


def test_an_answer_that_is_not_switchboards_is_no_success(scene: Scene) -> None:
    """As a hotel's network gives it."""
    phone = scene.phone(scene.user())
    phone.do("report", event={"name": "onMine"})
    scene.recorder.page = "<html>Welcome to our network</html>"
    assert phone.do("flush") == {"status": 200, "code": "unreadable", "field": None}
    assert phone.do("authenticationFailure", type="", message="")["code"] == "unreadable"
    scene.recorder.page = ""
    assert phone.do("flush") is None
    (sent,) = scene.recorder.sent("/events")
    assert [one["name"] for one in sent.body["events"]] == ["onMine", "onAuthenticationFailure"]


def test_what_another_version_has_stored_leads_to_the_login(scene: Scene) -> None:
    phone = scene.phone(scene.user())
    phone.do("keep", key="switchboard.login", value="not what this version stores")
    phone.do("keep", key="switchboard.events", value="nor this")
    phone.do("restart")
    assert phone.do("start") is False


def test_a_call_goes_on_when_the_session_ends(scene: Scene) -> None:
    """A phone that was not opened for weeks rings, and learns by its ack that the session is over."""
    name = scene.user()
    phone = scene.phone(name)
    server = {"Authorization": f"Bearer {demo.SERVER_KEY}"}
    scene.api.http.put(scene.api.subscriber(name), json={"status": "inactive"}, headers=server).raise_for_status()
    invite = {"subscriberName": name, "payload": "a.b.c", "payloadVersion": "2", "callUuid": "late", "pushId": "d" * 40}
    phone.do("push", data=invite)
    assert [one[0] for one in phone.seen] == ["ring", "relay"]
    phone.do("incoming", session="session", caller="alice")
    phone.do("answer")
    assert phone.seen == [["answered", "late"], ["answer"]]
    phone.do("established")
    phone.do("ended", cdr={"state": "ENDED", "duration": 3, "endReason": "NONE"})
    assert phone.seen == [["end", "late", "ended"], ["stop"], ["loggedOut"]]


def test_a_session_that_ended_elsewhere_leads_to_the_login(scene: Scene) -> None:
    name = scene.user()
    phone = scene.phone(name, token=uuid.uuid4().hex)
    server = {"Authorization": f"Bearer {demo.SERVER_KEY}"}
    changed = scene.api.http.put(scene.api.subscriber(name), json={"status": "inactive"}, headers=server)
    assert changed.is_success, changed.text
    assert phone.do("contacts")["code"] == "session_ended"
    phone.do("wait", ms=100)
    assert phone.do("contacts")["code"] == "no_session"
    assert phone.do("start") is False
    phone.do("push", data={"subscriberName": name, "payload": "a.b.c", "payloadVersion": "2"})
    assert phone.seen == []


def test_without_an_answer_to_the_logout_the_user_stays_logged_in(scene: Scene) -> None:
    phone = scene.phone(scene.user())
    scene.recorder.is_cut = True
    assert phone.do("logout")["code"] == "offline"
    scene.recorder.is_cut = False
    assert phone.do("contacts")
    assert phone.do("logout") is None
    assert phone.do("contacts")["code"] == "no_session"
