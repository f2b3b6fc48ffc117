"""The simulated APNs, asked by an HTTP/2 client of its own: Apple's statuses and reasons."""

import json
import ssl as tls
import time
from collections.abc import Mapping

import httpx
import jwt
import pytest

from local.simulators import Simulators
from local.simulators.apns_account import BUNDLE_ID, KEY_ID, TEAM_ID, new_apns_account
from local.simulators.faults import Fault

TOKEN = "ab" * 32
HEADERS = {"apns-topic": f"{BUNDLE_ID}.voip", "apns-push-type": "voip", "apns-priority": "10", "apns-expiration": "0"}


def client(simulators: Simulators, host: str = "production") -> httpx.Client:
    context = tls.create_default_context(cadata=simulators.apns_root_pem)
    return httpx.Client(base_url=simulators.apns_servers.urls[host], verify=context, http1=False, http2=True)


def signed(simulators: Simulators, *, age: float = 0, kid: str = KEY_ID, **claims: object) -> str:
    told = {"iss": TEAM_ID, "iat": int(time.time() - age)} | claims
    return jwt.encode(told, simulators.apns.account.key_pem, "ES256", {"kid": kid})


def ask(
    simulators: Simulators,
    headers: Mapping[str, str | None] | None = None,
    *,
    method: str = "POST",
    path: str = f"/3/device/{TOKEN}",
    body: bytes = b'{"a":1}',
) -> tuple[int, str]:
    sent = HEADERS | {"authorization": f"bearer {signed(simulators)}"} | dict(headers or {})
    with client(simulators) as http:
        answer = http.request(method, path, headers={k: v for k, v in sent.items() if v is not None}, content=body)
    return answer.status_code, json.loads(answer.content)["reason"] if answer.content else ""


def test_a_good_request_is_accepted_and_listed_in_both_environments(simulators: Simulators) -> None:
    for host in ("production", "sandbox"):
        with client(simulators, host) as http:
            headers = HEADERS | {"authorization": f"bearer {signed(simulators)}"}
            answer = http.post(f"/3/device/{TOKEN}", headers=headers, content=b'{"a":1}')
        assert (answer.status_code, answer.http_version, len(answer.headers["apns-id"])) == (200, "HTTP/2", 36)
    shown = [push.as_json() for push in simulators.pushes.accepted()]
    assert [one["host"] for one in shown] == ["production", "sandbox"]
    assert shown[0] | {"at": 0} == {
        "at": 0,
        "service": "apns",
        "host": "production",
        "token": TOKEN,
        "headers": HEADERS,
        "message": {"a": 1},
    }


@pytest.mark.parametrize(
    ("headers", "status", "reason"),
    [
        ({"authorization": None}, 403, "MissingProviderToken"),
        ({"authorization": "bearer x.y.z"}, 403, "InvalidProviderToken"),
        ({"apns-topic": None}, 400, "MissingTopic"),
        ({"apns-topic": "no topic"}, 400, "BadTopic"),
        ({"apns-topic": "com.example.other.voip"}, 403, "TopicDisallowed"),
        ({"apns-topic": BUNDLE_ID}, 400, "InvalidPushType"),
        ({"apns-push-type": "ring"}, 400, "InvalidPushType"),
        ({"apns-priority": "9"}, 400, "BadPriority"),
        ({"apns-expiration": "soon"}, 400, "BadExpirationDate"),
        ({"apns-id": "1"}, 400, "BadMessageId"),
        ({"apns-collapse-id": "x" * 65}, 400, "BadCollapseId"),
    ],
)
def test_a_wrong_header_is_refused_by_name(
    simulators: Simulators, headers: dict[str, str | None], status: int, reason: str
) -> None:
    assert ask(simulators, headers) == (status, reason)


def test_a_header_that_is_sent_twice_is_refused(simulators: Simulators) -> None:
    headers = [*HEADERS.items(), ("apns-topic", BUNDLE_ID), ("authorization", f"bearer {signed(simulators)}")]
    with client(simulators) as http:
        answer = http.post(f"/3/device/{TOKEN}", headers=headers, content=b"{}")
    assert (answer.status_code, answer.json()["reason"]) == (400, "DuplicateHeaders")


@pytest.mark.parametrize(
    ("request_", "status", "reason"),
    [
        ({"method": "PUT"}, 405, "MethodNotAllowed"),
        ({"path": "/2/device"}, 404, "BadPath"),
        ({"path": "/3/device/"}, 400, "MissingDeviceToken"),
        ({"path": "/3/device/no-hex"}, 400, "BadDeviceToken"),
        ({"path": f"/3/device/{'0' * 64}"}, 400, "BadDeviceToken"),
        ({"body": b""}, 400, "PayloadEmpty"),
        ({"body": json.dumps({"a": "x" * 5111}).encode()}, 200, ""),
        ({"body": json.dumps({"a": "x" * 5112}).encode()}, 413, "PayloadTooLarge"),
    ],
)
def test_a_wrong_path_or_body_is_refused_by_name(
    simulators: Simulators, request_: dict[str, object], status: int, reason: str
) -> None:
    assert ask(simulators, **request_) == (status, reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ({"age": 3590}, ""),
        ({"age": 3610}, "ExpiredProviderToken"),
        ({"age": -600}, "InvalidProviderToken"),
        ({"kid": "OTHERKEY01"}, "InvalidProviderToken"),
        ({"iss": "OTHERTEAM1"}, "InvalidProviderToken"),
        ({"iat": "now"}, "InvalidProviderToken"),
    ],
)
def test_a_provider_token_is_judged_by_key_team_and_age(
    simulators: Simulators, made: dict[str, object], reason: str
) -> None:
    token = signed(simulators, **made)  # type: ignore[arg-type]
    assert ask(simulators, {"authorization": f"bearer {token}"})[1] == reason


def test_a_token_that_another_key_signed_is_refused(simulators: Simulators) -> None:
    forged = jwt.encode({"iss": TEAM_ID, "iat": int(time.time())}, new_apns_account().key_pem, "ES256", {"kid": KEY_ID})
    assert ask(simulators, {"authorization": f"bearer {forged}"}) == (403, "InvalidProviderToken")


def test_a_team_that_signs_for_each_push_is_refused(simulators: Simulators) -> None:
    tokens = [signed(simulators, age=age) for age in (10, 20, 30)]
    reasons = [ask(simulators, {"authorization": f"bearer {token}"})[1] for token in tokens]
    assert reasons == ["", "", "TooManyProviderTokenUpdates"]


def test_a_fault_has_apples_words(simulators: Simulators) -> None:
    simulators.faults.add(Fault("apns", error_code="Unregistered", timestamp=1_700_000_000_123, token=TOKEN))
    with client(simulators) as http:
        headers = HEADERS | {"authorization": f"bearer {signed(simulators)}"}
        answer = http.post(f"/3/device/{TOKEN}", headers=headers, content=b'{"a":1}')
    assert (answer.status_code, answer.json()) == (410, {"reason": "Unregistered", "timestamp": 1_700_000_000_123})
    simulators.faults.add(Fault("apns", status=503))
    assert ask(simulators) == (503, "ServiceUnavailable")


def test_a_connection_ends_with_a_reason_after_repeated_bad_tokens(simulators: Simulators) -> None:
    simulators.faults.add(Fault("apns", error_code="BadDeviceToken", times=10))
    headers = HEADERS | {"authorization": f"bearer {signed(simulators)}"}
    before = simulators.apns.connections
    with client(simulators) as http:
        for _ in range(10):
            assert http.post(f"/3/device/{TOKEN}", headers=headers, content=b'{"a":1}').status_code == 400
        assert simulators.apns.connections - before == 1
        time.sleep(0.1)
        assert http.post(f"/3/device/{TOKEN}", headers=headers, content=b'{"a":1}').status_code == 200
        assert simulators.apns.connections - before == 2
