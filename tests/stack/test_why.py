"""`switchboard --local why`: through the running stack, a good call and each failure that /_sim/faults can make."""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from cli.app import app
from local import demo
from tests.patience import patience
from tests.stack.conftest import Api

RING_SECONDS = 8  # of the hurried stack
LATEST_SECONDS = 30.0  # until every step of a call is written down, on a busy machine
DIALLED, ACCEPTED, SENT, ENDED = "dial-whom", "push-accepted", "push-sent", "push-ended"

CALLERS = ("alice", "carol", "dave", "erin")

type Told = dict[str, Any]

_called: dict[str, float] = {}


@pytest.fixture
def api(hurried: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    """The stack with no fault left, bob's phone registered, and PORT set as `make run`'s user sets it."""
    hurried.http.delete("/_sim/faults")
    hurried.stack.aws.sqs.purge_queue(QueueUrl=hurried.stack.deployment.resources["PushDeadLetterQueue"])
    phone = demo.first_phone("bob")
    body = {"deviceToken": phone.token, "platform": phone.platform, "deviceId": phone.device_id}
    answer = hurried.http.post(hurried.subscriber("bob", "/devicetoken"), json=body, headers=hurried.login("bob"))
    assert answer.status_code == 200, answer.text
    monkeypatch.setenv("PORT", str(hurried.stack.port))
    return hurried


def call_bob(api: Api) -> Told:
    """Place a call by whoever has not called for so long that its push cannot be taken for an earlier call's."""
    caller = min(CALLERS, key=lambda name: _called.get(name, 0.0))
    time.sleep(max(0.0, _called.get(caller, 0.0) + RING_SECONDS + 3 - time.monotonic()))
    _called[caller] = time.monotonic()
    return api.call(caller, "bob")


def why(what: str) -> tuple[int, Told]:
    result = CliRunner().invoke(app, ["--local", "--json", "why", what])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, json.loads(result.stdout)


def complete(what: str, *kinds: str, until: Callable[[Told], bool] = lambda _: True) -> tuple[int, Told]:
    """Ask until these kinds are there, in this order, whatever the apps and Exotel tell in between."""
    ends, wait = time.monotonic() + patience(LATEST_SECONDS), 0.2
    while True:
        code, told = why(what)
        if in_order(told, kinds) and until(told):
            return code, told
        assert time.monotonic() < ends, json.dumps(told, indent=1)
        time.sleep(wait)
        wait = min(1.5 * wait, 1.0)  # each look takes as much of the processor as a call


def in_order(told: Told, kinds: Sequence[str]) -> bool:
    steps = iter(step["kind"] for step in told["timeline"])
    return all(kind in steps for kind in kinds)


def well(told: Told) -> bool:
    """Whether nothing is wrong, or not any more: an app that has the push tells of the call a moment later."""
    return not codes(told, "problem")


def delivered(told: Told) -> bool:
    return any(step["details"].get("outcome") == "accepted" for step in told["timeline"])


def code_of(finding: Told) -> str:
    """Return a finding's code; on a busy machine the last try may come so late that the push is stale by then."""
    return "push-too-late" if finding["code"] == "push-stale" else str(finding["code"])


def codes(told: Told, severity: str) -> list[str]:
    return [code_of(found) for found in told["findings"] if found["severity"] == severity]


def finished(*wanted: str) -> Callable[[Told], bool]:
    return lambda told: set(wanted) <= set(map(code_of, told["findings"]))


def problems_of(told: Told) -> list[str]:
    """Return the problems, without the one that a busy machine adds: the emulator did not answer a function in time."""
    return [code for code in codes(told, "problem") if code != "push-failed"]


def test_a_good_call_is_shown_whole(api: Api) -> None:
    call = call_bob(api)
    assert call["outcome"] == "ringing"
    code, told = complete(call["call_sid"], DIALLED, ACCEPTED, SENT, until=well)
    assert code == 0
    assert told["summary"]["callee"] == "bob"
    times = [step["after_ms"] for step in told["timeline"]]
    assert times == sorted(times)
    assert delivered(told)


def test_the_push_id_and_the_callee_find_the_same_call(api: Api) -> None:
    sid = call_bob(api)["call_sid"]
    _, told = complete(sid, DIALLED, ACCEPTED, SENT)
    assert why(told["summary"]["push_ids"][0])[1]["summary"]["call_sid"] == sid
    assert why("bob")[1]["calls"][0]["summary"]["call_sid"] == sid


REFUSALS: Sequence[tuple[dict[str, Any], list[str]]] = (
    ({"error_code": "UNREGISTERED"}, ["fcm-unregistered"]),
    ({"error_code": "INVALID_ARGUMENT"}, ["fcm-message-refused", "dead-letter"]),
    ({"status": 429}, ["fcm-rate-limit", "push-too-late"]),
    ({"status": 503, "times": 1000}, ["fcm-down", "push-too-late"]),
)
# which code each of FCM's answers gets: tests/unit/why and tests/integration/push in `make test`
MORE_REFUSALS: Sequence[tuple[dict[str, Any], list[str]]] = (
    ({"error_code": "INVALID_ARGUMENT", "field": "message.token"}, ["fcm-bad-token"]),
    ({"error_code": "SENDER_ID_MISMATCH"}, ["fcm-sender-mismatch"]),
    ({"error_code": "THIRD_PARTY_AUTH_ERROR"}, ["fcm-apns-auth", "dead-letter"]),
    ({"status": 403}, ["fcm-forbidden", "dead-letter"]),
    ({"status": 500, "times": 1000}, ["fcm-down", "push-too-late"]),
)


@pytest.mark.parametrize(
    ("fault", "problems"),
    [*REFUSALS, *(pytest.param(*one, marks=pytest.mark.long) for one in MORE_REFUSALS)],
    ids=str,
)
def test_what_fcm_refused_is_named(api: Api, fault: dict[str, Any], problems: list[str]) -> None:
    api.fault(target="fcm", **fault)
    sid = call_bob(api)["call_sid"]
    code, told = complete(sid, DIALLED, ACCEPTED, SENT, until=finished(*problems))
    assert (code, problems_of(told)) == (1, problems)


@pytest.mark.parametrize(
    ("fault", "note"),
    [
        ({"status": 503}, "fcm-down"),
        ({"delay_ms": 4000}, "fcm-no-answer"),
        pytest.param({"status": 500}, "fcm-down", marks=pytest.mark.long),
    ],
    ids=str,
)
def test_a_fault_that_passed_while_it_rang_is_noted(api: Api, fault: dict[str, Any], note: str) -> None:
    api.fault(target="fcm", **fault)
    call = call_bob(api)
    assert call["outcome"] == "ringing"
    code, told = complete(call["call_sid"], DIALLED, ACCEPTED, SENT, until=lambda told: delivered(told) and well(told))
    assert code == 0
    assert note in codes(told, "note")


@pytest.mark.parametrize(
    ("fault", "problems"),
    [
        ({"status": 401, "times": 1}, ["fcm-credentials", "dead-letter"]),
        pytest.param({"status": 503, "times": 1000}, ["fcm-oauth-down", "push-too-late"], marks=pytest.mark.long),
    ],
)
def test_an_oauth_that_gives_no_token_is_named(api: Api, fault: dict[str, Any], problems: list[str]) -> None:
    api.stack.simulators.oauth.revoke_all()  # functions keep a token for an hour
    api.fault(target="fcm-oauth", **fault)
    sid = call_bob(api)["call_sid"]
    code, told = complete(sid, DIALLED, ACCEPTED, SENT, until=finished(*problems))
    assert (code, problems_of(told)) == (1, problems)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 401}, "exotel_credentials"),
        ({"delay_ms": 15_000}, "exotel_timeout"),
        pytest.param({"status": 403}, "exotel_voip_disabled", marks=pytest.mark.long),
        pytest.param({"status": 429}, "exotel_rate_limited", marks=pytest.mark.long),
        pytest.param({"status": 503}, "exotel_unavailable", marks=pytest.mark.long),
    ],
    ids=str,
)
def test_an_exotel_that_gives_no_token_is_named(api: Api, fault: dict[str, Any], said: str) -> None:
    api.fault(target="exotel", **fault)
    body = {"user_name": "carol", "password": demo.PASSWORD, "account_sid": demo.ACCOUNT, "device_id": "one"}
    assert api.http.post("/v1/login", json=body).status_code >= 500
    refused = lambda told: any(said in found["what"] for found in told["findings"])  # noqa: E731 - read below
    code, told = complete("f" * 32, until=refused)  # a call that never got as far as us
    assert code == 1
    assert codes(told, "problem")[-1] == "no-dial-whom"
    assert "login-refused" in codes(why("carol")[1], "problem")


def test_a_callee_without_a_phone_is_named(api: Api) -> None:
    sid = api.call("alice", "erin")["call_sid"]
    code, told = complete(sid, DIALLED, ACCEPTED, ENDED)
    assert (code, codes(told, "problem")) == (1, ["no-device"])


def test_a_caller_without_a_context_is_named(api: Api) -> None:
    sid = "n" * 32
    assert api.dial_whom("bob", sid).status_code == 404
    code, told = complete(sid, DIALLED)
    assert (code, codes(told, "problem")) == (1, ["context-missing"])


def test_a_context_that_came_too_late_is_named(api: Api) -> None:
    sid = "7" * 32
    api.http.delete(api.subscriber("dave", "/context"), headers=api.login("dave"))
    assert api.dial_whom("dave", sid).status_code == 404
    api.set_context("dave", "bob")
    code, told = complete(sid, DIALLED, until=finished("context-late"))
    assert (code, codes(told, "problem")) == (1, ["context-late"])


def test_a_suspended_callee_is_named(api: Api) -> None:
    sid, server = "8" * 32, {"Authorization": f"Bearer {demo.SERVER_KEY}"}
    api.set_context("alice", "erin")
    assert api.http.put(api.subscriber("erin"), json={"status": "inactive"}, headers=server).is_success
    try:
        assert api.dial_whom("alice", sid).status_code == 404
        code, told = complete(sid, DIALLED, until=finished("callee-suspended"))
        assert (code, codes(told, "problem")) == (1, ["callee-suspended"])
        assert "callee erin" in told["findings"][0]["evidence"]
    finally:
        api.http.put(api.subscriber("erin"), json={"status": "active"}, headers=server)


def test_a_context_of_an_earlier_call_and_a_push_that_never_came_are_named(api: Api) -> None:
    first, second = "1" * 32, "2" * 32
    api.set_context("alice", "erin")
    assert api.dial_whom("alice", first).text == "sip:erin"
    assert api.dial_whom("alice", second).status_code == 404
    code, told = complete(second, DIALLED)
    assert (code, codes(told, "problem")) == (1, ["context-used"])
    assert f"call {first} had used it" in told["findings"][0]["evidence"]
    assert codes(complete(first, DIALLED)[1], "problem") == ["no-push"]


def test_a_refused_context_is_named(api: Api) -> None:
    sid = "0" * 31 + "1"
    api.set_context("alice", "erin")
    number = {"dialToNumber": "sip:+919876543210"}
    assert api.http.post(api.subscriber("alice", "/context"), headers=api.login("alice"), json=number).is_client_error
    assert api.dial_whom("alice", sid).status_code == 404
    code, told = complete(sid, DIALLED)
    assert (code, codes(told, "problem")) == (1, ["context-refused"])


def test_setup_prints_urls_that_work_and_env_an_endpoint_that_does(api: Api) -> None:
    api.set_context("alice", "bob")
    printed = CliRunner().invoke(app, ["--local", "setup", "--yes"])
    assert printed.exit_code == 0, printed.output
    urls = [line.strip() for line in printed.output.splitlines() if line.strip().endswith("/dialtonumber")]
    query = {"CallFrom": "sip:alice", "CallTo": f"sip:{demo.EXOPHONE}"}
    answers = [httpx.get(url, params=query | {"CallSid": "9" * 32}, timeout=patience(5)).text for url in urls]
    assert answers == ["sip:bob", "sip:bob"]
    environments = json.loads(CliRunner().invoke(app, ["--local", "env"]).stdout)
    endpoint = environments["Parameters"]["AWS_ENDPOINT_URL"]
    assert endpoint == api.stack.aws.endpoint.replace("127.0.0.1", "host.docker.internal")


def test_the_doctor_finds_no_problem(api: Api) -> None:
    result = CliRunner().invoke(app, ["--local", "--json", "doctor"])
    ills = [one for one in json.loads(result.stdout) if one["state"] == "problem"]
    assert (result.exit_code, ills) == (0, [])


def test_the_report_has_googles_figures_of_the_calls(api: Api) -> None:
    call_bob(api)
    result = CliRunner().invoke(app, ["--local", "--json", "report", "--since", "1h"])
    assert result.exception is None, result.exception
    labels = json.loads(result.stdout)["google"]["labels"]
    assert labels["call"]["messages"] >= 1
    assert labels["call"]["delivered"] == 100.0
