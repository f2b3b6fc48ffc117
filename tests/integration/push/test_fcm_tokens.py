"""One access token for all threads, asked for in bounded time."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from google.oauth2 import _client, service_account
from requests import Response, Session

from local.simulators import Simulators
from local.simulators.faults import Fault
from switchboard.pushes.fcm import FcmGateway
from switchboard.pushes.fcm_client import FcmClient
from switchboard.pushes.google_oauth import AUDIENCE, SCOPE, OAuthRefusedError, ServiceAccountTokens
from switchboard.pushes.push import Outcome
from switchboard.subscribers.subscriber import Device, TokenType
from tests.fakes.clock import FakeClock
from tests.fakes.secret import FakeSecret
from tests.integration.push.fcm import send
from tests.patience import in_time


def test_twenty_sends_at_once_share_one_token(gateway: FcmGateway, simulators: Simulators) -> None:
    before = simulators.oauth.issued
    devices = [Device(f"phone-{number}", TokenType.FCM, 1) for number in range(20)]

    with ThreadPoolExecutor(20) as threads:
        deliveries = list(threads.map(lambda device: send(gateway, device), devices))

    assert {delivery.outcome for delivery in deliveries} == {Outcome.ACCEPTED}
    assert simulators.oauth.issued == before + 1
    assert sorted(push.token for push in simulators.pushes.accepted()) == sorted(device.token for device in devices)


def test_a_token_that_google_ended_is_replaced_once_for_all(gateway: FcmGateway, simulators: Simulators) -> None:
    send(gateway)
    simulators.oauth.revoke_all()
    before = simulators.oauth.issued

    with ThreadPoolExecutor(8) as threads:
        deliveries = list(threads.map(lambda _: send(gateway), range(8)))

    assert {delivery.outcome for delivery in deliveries} == {Outcome.ACCEPTED}
    assert simulators.oauth.issued == before + 1


def test_an_fcm_that_refuses_every_token_does_not_cause_a_fetch_for_each_push(
    gateway: FcmGateway, simulators: Simulators
) -> None:
    send(gateway)
    before, sent = simulators.oauth.issued, len(simulators.pushes.attempts())
    simulators.faults.add(Fault("fcm", status=401, times=99))

    assert {send(gateway).outcome for _ in range(5)} == {Outcome.CONFIGURATION_FAULT}
    assert simulators.oauth.issued == before + 1
    assert len(simulators.pushes.attempts()) == sent + 6  # one of them was tried again with another token


def test_a_token_serves_for_most_of_its_hour_and_is_then_replaced(simulators: Simulators, secret: FakeSecret) -> None:
    clock = FakeClock(time.time() - 3570)  # Google takes no assertion from the future
    gateway = FcmGateway(secret, clock)
    before = simulators.oauth.issued

    send(gateway)
    clock.now += 3500
    send(gateway)
    assert simulators.oauth.issued == before + 1
    clock.now += 60
    send(gateway)
    assert simulators.oauth.issued == before + 2


@pytest.mark.parametrize(
    ("fault", "outcome", "reason"),
    [
        (Fault("fcm-oauth", status=500, times=99), Outcome.RETRY, "OAuth 500 internal_failure"),
        (Fault("fcm-oauth", status=429, times=99), Outcome.RETRY, "OAuth 429 internal_failure"),
        (
            Fault("fcm-oauth", status=400, error_code="invalid_grant", times=99),
            Outcome.CONFIGURATION_FAULT,
            "OAuth 400 invalid_grant",
        ),
    ],
)
def test_a_refused_token_request_is_asked_once_for_all_threads(
    gateway: FcmGateway, simulators: Simulators, fault: Fault, outcome: Outcome, reason: str
) -> None:
    simulators.faults.add(fault)

    with ThreadPoolExecutor(10) as threads:
        deliveries = list(threads.map(lambda _: send(gateway), range(10)))

    assert {(delivery.outcome, delivery.reason) for delivery in deliveries} == {(outcome, reason)}
    assert simulators.faults.left()[0]["times"] == 98


@pytest.mark.parametrize("target", ["fcm", "fcm-oauth"])
def test_a_hanging_google_costs_three_seconds_and_is_tried_again_later(
    gateway: FcmGateway, simulators: Simulators, target: str
) -> None:
    simulators.faults.add(Fault(target, delay_ms=3_500, times=5))
    began = time.monotonic()

    with ThreadPoolExecutor(5) as threads:
        deliveries = list(threads.map(lambda _: send(gateway), range(5)))

    assert time.monotonic() - began > 2.5
    assert in_time(time.monotonic() - began, 4.5)
    assert {(delivery.outcome, delivery.reason) for delivery in deliveries} == {(Outcome.RETRY, "ReadTimeout")}


def test_a_send_that_spent_its_time_on_a_token_is_not_begun(simulators: Simulators, secret: FakeSecret) -> None:
    times = iter([0.0, 6.0])
    account, url = secret.content["fcm"], secret.content["fcm_base_url"]
    client = FcmClient(account, base_url=url, stopwatch=lambda: next(times))

    with pytest.raises(OSError, match="no time left"):
        client.send_request(b"{}")

    assert not simulators.pushes.attempts()


def test_connecting_early_leaves_the_token_at_hand(gateway: FcmGateway, simulators: Simulators) -> None:
    before = simulators.oauth.issued
    gateway.connect()
    send(gateway)
    assert simulators.oauth.issued == before + 1


def test_pyfcms_own_headers_bear_the_shared_token(secret: FakeSecret, simulators: Simulators) -> None:
    client = FcmClient(secret.content["fcm"], base_url=None)
    assert client.request_headers() == client.request_headers()


def test_the_assertion_is_what_googles_own_library_signs(secret: FakeSecret) -> None:
    account, refusing = secret.content["fcm"], Refusing()
    with pytest.raises(OAuthRefusedError, match="OAuth 400 invalid_grant"):
        ServiceAccountTokens(account, cast("Session", refusing), time.time).fetch()

    google = service_account.Credentials.from_service_account_info(account, scopes=[SCOPE])
    theirs = google._make_authorization_grant_assertion().decode()
    ours = refusing.sent["assertion"]

    assert refusing.sent["grant_type"] == _client._JWT_GRANT_TYPE
    assert jwt.get_unverified_header(ours) == jwt.get_unverified_header(theirs)
    assert claims_of(account, ours) == claims_of(account, theirs)


class Refusing:
    """The part of requests' Session that is used; notes the form and refuses it."""

    sent: dict[str, str]

    def post(self, _url: str, data: dict[str, str], **_: object) -> Response:
        self.sent, answer = data, Response()
        answer.status_code, answer._content = 400, b'{"error": "invalid_grant"}'
        return answer


def claims_of(account: dict[str, Any], assertion: str) -> dict[str, Any]:
    key = load_pem_private_key(account["private_key"].encode(), None).public_key()
    assert isinstance(key, RSAPublicKey)
    claims = jwt.decode(assertion, key, ["RS256"], audience=AUDIENCE)
    return claims | {"iat": 0, "exp": claims["exp"] - claims["iat"]}
