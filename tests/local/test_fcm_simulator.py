"""The simulated FCM takes what FCM takes and refuses what FCM refuses, in FCM's words."""

import time
from typing import Any

import httpx
import pytest

from local.simulators import Simulators
from local.simulators.faults import Fault
from tests.local.google import ask_token, assertion
from tests.patience import patience

MESSAGE: dict[str, Any] = {
    "token": "phone-1",
    "data": {"subscriberName": "bob", "payload": "a.b.c", "payloadVersion": "1.0"},
    "android": {"priority": "HIGH", "ttl": "27s"},
    "apns": {"headers": {"apns-priority": "10"}, "payload": {"aps": {"content-available": 1}, "callId": 7}},
}


@pytest.fixture
def bearer(simulators: Simulators) -> str:
    return str(ask_token(simulators, assertion(simulators)).json()["access_token"])


def send(simulators: Simulators, bearer: str, message: object, project: str = "switchboard-local") -> httpx.Response:
    url = f"{simulators.fcm_base_url}/{project}/messages:send"
    return httpx.post(
        url, json={"message": message}, headers={"Authorization": f"Bearer {bearer}"}, timeout=patience(5)
    )


def test_a_good_message_is_accepted_and_listed(simulators: Simulators, bearer: str) -> None:
    before = time.time_ns() // 1_000_000
    answer = send(simulators, bearer, MESSAGE)
    assert answer.status_code == 200
    assert answer.json()["name"].startswith("projects/switchboard-local/messages/")
    [push] = simulators.pushes.accepted()
    assert push.as_json() == {"at": push.at, "service": "fcm", "token": "phone-1", "message": MESSAGE}
    assert before <= push.at <= time.time_ns() // 1_000_000


@pytest.mark.parametrize(
    "change",
    [
        {"collapse_key": "x"},
        {"android": {"priority": "high"}},
        {"android": {"ttl": "27"}},
        {"android": {"ttl": 27}},
        {"android": {"ttl": "2419201s"}},
        {"data": {"sentAt": 5}},
        {"data": {"from": "me"}},
        {"data": {"google.x": "y"}},
        {"data": {"gcm": "y"}},
        {"data": {"payload": "x" * 4096}},
        {"topic": "everyone"},
        {"token": ""},
        {"apns": {"headers": {"apns-priority": 10}}},
    ],
)
def test_what_fcm_refuses_is_refused_in_its_words(simulators: Simulators, bearer: str, change: dict[str, Any]) -> None:
    answer = send(simulators, bearer, MESSAGE | change)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    codes = [detail.get("errorCode") for detail in error["details"]]
    assert codes == ["INVALID_ARGUMENT", None]
    assert error["details"][1]["fieldViolations"][0]["field"].startswith("message")
    assert simulators.pushes.accepted() == []


def test_a_data_of_exactly_4096_bytes_with_its_keys_is_accepted(simulators: Simulators, bearer: str) -> None:
    data = {"payload": "x" * (4096 - len("payload"))}
    assert send(simulators, bearer, {"token": "phone", "data": data}).status_code == 200


def test_a_message_to_nobody_is_refused(simulators: Simulators, bearer: str) -> None:
    assert send(simulators, bearer, {"data": {"a": "b"}}).status_code == 400
    assert send(simulators, bearer, None).status_code == 400


def test_a_bearer_that_was_not_issued_here_is_401(simulators: Simulators, bearer: str) -> None:
    answer = send(simulators, "ya29.made-up", MESSAGE)
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    simulators.oauth.revoke_all()
    assert send(simulators, bearer, MESSAGE).status_code == 401


def test_another_project_is_403(simulators: Simulators, bearer: str) -> None:
    assert send(simulators, bearer, MESSAGE, project="other").status_code == 403


def test_a_fault_has_fcms_error_format_and_is_used_up(simulators: Simulators, bearer: str) -> None:
    simulators.faults.add(Fault("fcm", error_code="UNREGISTERED", times=2, token="phone-1"))
    assert send(simulators, bearer, MESSAGE | {"token": "phone-2"}).status_code == 200
    for _ in range(2):
        error = send(simulators, bearer, MESSAGE).json()["error"]
        assert (error["code"], error["status"]) == (404, "NOT_FOUND")
        assert error["details"][0]["errorCode"] == "UNREGISTERED"
    assert send(simulators, bearer, MESSAGE).status_code == 200
    assert simulators.faults.left() == []


def test_a_404_without_an_error_code_bears_no_fcm_error(simulators: Simulators, bearer: str) -> None:
    simulators.faults.add(Fault("fcm", status=404))
    assert send(simulators, bearer, MESSAGE).json()["error"]["details"] == []


def test_a_fault_can_name_the_field_at_fault(simulators: Simulators, bearer: str) -> None:
    simulators.faults.add(Fault("fcm", error_code="INVALID_ARGUMENT", field="message.token"))
    details = send(simulators, bearer, MESSAGE).json()["error"]["details"]
    assert details[1]["fieldViolations"][0]["field"] == "message.token"


def test_a_fault_that_only_delays_lets_the_answer_through(simulators: Simulators, bearer: str) -> None:
    simulators.faults.add(Fault("fcm", delay_ms=50))
    began = time.monotonic()
    assert send(simulators, bearer, MESSAGE).status_code == 200
    assert time.monotonic() - began >= 0.05


@pytest.mark.parametrize(("scope", "status"), [("cloud-platform", 200), ("firebase.messaging", 403)])
def test_googles_reports_need_the_scope_of_the_whole_platform(simulators: Simulators, scope: str, status: int) -> None:
    signed = assertion(simulators, scope=f"https://www.googleapis.com/auth/{scope}")
    headers = {"Authorization": f"Bearer {ask_token(simulators, signed).json()['access_token']}"}
    apps = f"{simulators.base_url}/v1beta1/projects/switchboard-local/androidApps"
    assert httpx.get(apps, headers=headers, timeout=patience(5)).status_code == status
    assert httpx.get(f"{apps}/1:2:android:3/deliveryData", headers=headers, timeout=patience(5)).status_code in (
        403,
        404,
    )
    assert httpx.get(apps, timeout=patience(5)).status_code == 401
