"""FCM as the gateway meets it over HTTP: every row of contract 6, one token for all threads, bounded times."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from local.faults import Fault
from local.simulators import Simulators
from switchboard.adapters.fcm import FcmGateway
from switchboard.adapters.fcm_client import FcmClient
from switchboard.adapters.fcm_message import seconds
from switchboard.domain.errors import NotConfiguredError
from switchboard.domain.push import Delivery, Outcome, Push
from switchboard.domain.subscribers import Device, Platform, TokenType
from tests.fakes.clock import FakeClock
from tests.push_stack import jwt

NOW = int(time.time() * 1000)
PUSH = Push("demo1m", "Dave", jwt(), "2.0", "push-1", NOW - 2_400)
PHONE = Device("phone", TokenType.FCM, 1)


class Secret:
    def __init__(self, value: Mapping[str, Any]) -> None:
        self.content = value

    def value(self) -> Mapping[str, Any]:
        if not self.content:
            raise NotConfiguredError("not_configured", "run `switchboard setup`")
        return self.content


@pytest.fixture
def secret(simulators: Simulators) -> Secret:
    return Secret({"fcm": simulators.service_account.as_file(), "fcm_base_url": simulators.fcm_base_url})


@pytest.fixture
def gateway(secret: Secret) -> FcmGateway:
    return FcmGateway(secret, time.time)


def send(gateway: FcmGateway, device: Device = PHONE, *, left: float = 27.6) -> Delivery:
    return gateway.send(PUSH, device, expires_at_ms=NOW + int(left * 1000), now_ms=NOW)


DATA = {
    "subscriberName": "Dave",
    "payload": jwt(),
    "payloadVersion": "2.0",
    "pushId": "push-1",
    "sentAt": str(NOW),
    "expiresAt": str(NOW + 27_600),
}
ANDROID = {"priority": "HIGH", "ttl": "27s"}
APNS = {
    "headers": {
        "apns-priority": "10",
        "apns-push-type": "alert",
        "apns-expiration": str((NOW + 27_600) // 1000),
    },
    "payload": {"aps": {"alert": {"title": "Incoming call"}, "sound": "default", "content-available": 1}},
}


@pytest.mark.parametrize(
    ("platform", "blocks"),
    [
        (Platform.ANDROID, {"android": ANDROID}),
        (Platform.IOS, {"apns": APNS}),
        (None, {"android": ANDROID, "apns": APNS}),
    ],
)
def test_the_message_is_the_contracts_and_passes_googles_schema(
    gateway: FcmGateway, simulators: Simulators, platform: Platform | None, blocks: dict[str, Any]
) -> None:
    device = Device("phone", TokenType.FCM, 1, platform=platform)

    assert send(gateway, device).outcome is Outcome.ACCEPTED

    (push,) = simulators.pushes.accepted()
    assert push.message == {"token": "phone", "data": DATA, **blocks}


def test_a_push_in_its_last_second_may_ring_now_or_never(gateway: FcmGateway, simulators: Simulators) -> None:
    send(gateway, left=0.7)
    assert simulators.pushes.accepted()[0].message["android"]["ttl"] == "0s"


ROWS = [
    (Fault("fcm", error_code="UNREGISTERED"), Delivery(Outcome.DEAD_TOKEN, "404 UNREGISTERED")),
    (Fault("fcm", status=404), Delivery(Outcome.CONFIGURATION_FAULT, "404")),
    (Fault("fcm", status=401, times=2), Delivery(Outcome.CONFIGURATION_FAULT, "401")),
    (Fault("fcm", status=403), Delivery(Outcome.CONFIGURATION_FAULT, "403")),
    (
        Fault("fcm", status=400, field="message.token"),
        Delivery(Outcome.DEAD_TOKEN, "400 INVALID_ARGUMENT message.token"),
    ),
    (
        Fault("fcm", status=400, field="message.data"),
        Delivery(Outcome.REJECTED, "400 INVALID_ARGUMENT message.data"),
    ),
    (Fault("fcm", status=400), Delivery(Outcome.REJECTED, "400 INVALID_ARGUMENT")),
    (Fault("fcm", error_code="SENDER_ID_MISMATCH"), Delivery(Outcome.SET_ASIDE, "403 SENDER_ID_MISMATCH")),
    (
        Fault("fcm", error_code="THIRD_PARTY_AUTH_ERROR"),
        Delivery(Outcome.CONFIGURATION_FAULT, "401 THIRD_PARTY_AUTH_ERROR"),
    ),
    (Fault("fcm", status=429), Delivery(Outcome.RETRY, "429 QUOTA_EXCEEDED", 60.0)),
    (Fault("fcm", status=429, retry_after=7), Delivery(Outcome.RETRY, "429 QUOTA_EXCEEDED", 7.0)),
    (Fault("fcm", status=500), Delivery(Outcome.RETRY, "500 INTERNAL")),
    (Fault("fcm", status=503), Delivery(Outcome.RETRY, "503 UNAVAILABLE")),
    (Fault("fcm", status=503, retry_after=3), Delivery(Outcome.RETRY, "503 UNAVAILABLE", 3.0)),
]


@pytest.mark.parametrize(("fault", "delivery"), ROWS, ids=[f"{d.reason} {d.retry_after or ''}" for _, d in ROWS])
def test_every_row_of_the_table_is_one_post_and_one_outcome(
    gateway: FcmGateway, simulators: Simulators, fault: Fault, delivery: Delivery
) -> None:
    simulators.faults.add(fault)

    assert send(gateway) == delivery
    assert len(simulators.pushes.attempts()) == fault.times
    assert not simulators.faults.left()


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


def test_a_token_serves_for_most_of_its_hour_and_is_then_replaced(simulators: Simulators, secret: Secret) -> None:
    clock = FakeClock(time.time())
    gateway = FcmGateway(secret, clock)
    before = simulators.oauth.issued

    send(gateway)
    clock.now += 3200
    send(gateway)
    assert simulators.oauth.issued == before + 1
    clock.now += 200
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

    assert 2.5 < time.monotonic() - began < 4.5
    assert {(delivery.outcome, delivery.reason) for delivery in deliveries} == {(Outcome.RETRY, "ReadTimeout")}


def test_a_send_that_spent_its_time_on_a_token_is_not_begun(simulators: Simulators, secret: Secret) -> None:
    times = iter([0.0, 6.0])
    account, url = secret.content["fcm"], secret.content["fcm_base_url"]
    client = FcmClient(account, base_url=url, stopwatch=lambda: next(times))

    with pytest.raises(OSError, match="no time left"):
        client.send_request(b"{}")

    assert not simulators.pushes.attempts()


def test_an_fcm_that_cannot_be_reached_is_tried_again(secret: Secret) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    secret.content = {**secret.content, "fcm_base_url": f"http://127.0.0.1:{port}/v1/projects"}

    delivery = send(FcmGateway(secret, time.time))

    assert (delivery.outcome, delivery.reason) == (Outcome.RETRY, "ConnectionError")


def test_without_a_base_url_the_real_fcm_is_meant(secret: Secret) -> None:
    client = FcmClient(secret.content["fcm"], base_url=None)
    assert client.fcm_end_point == "https://fcm.googleapis.com/v1/projects/switchboard-local/messages:send"


@pytest.mark.parametrize("account", [{}, {"type": "service_account"}, "text", None, 5, []])
def test_a_secret_without_a_usable_service_account_is_a_configuration_fault(secret: Secret, account: Any) -> None:
    secret.content = {"fcm": account}
    assert send(FcmGateway(secret, time.time)).outcome is Outcome.CONFIGURATION_FAULT


@pytest.mark.parametrize("content", [{}, {"fcm_base_url": "http://127.0.0.1/v1/projects"}])
def test_an_unfilled_secret_goes_up_and_is_found_once_filled(
    simulators: Simulators, secret: Secret, content: dict[str, Any]
) -> None:
    clock = FakeClock(time.time())
    filled, secret.content = secret.content, content
    gateway = FcmGateway(secret, clock)
    with pytest.raises(NotConfiguredError):
        send(gateway)

    secret.content = filled
    clock.now += 1
    assert send(gateway).outcome is Outcome.ACCEPTED


def test_a_changed_secret_is_used_within_a_minute_and_an_unchanged_one_costs_no_token(
    simulators: Simulators, secret: Secret
) -> None:
    clock = FakeClock(time.time())
    gateway = FcmGateway(secret, clock)
    before = simulators.oauth.issued
    send(gateway)
    clock.now += 61
    send(gateway)
    assert simulators.oauth.issued == before + 1

    secret.content = {**secret.content, "fcm_base_url": f"{simulators.base_url}/elsewhere"}
    clock.now += 61
    assert send(gateway).reason == "404"


def test_connecting_early_leaves_the_token_at_hand(gateway: FcmGateway, simulators: Simulators) -> None:
    before = simulators.oauth.issued
    gateway.connect()
    send(gateway)
    assert simulators.oauth.issued == before + 1


def test_pyfcms_own_headers_bear_the_shared_token(secret: Secret, simulators: Simulators) -> None:
    client = FcmClient(secret.content["fcm"], base_url=None)
    assert client.request_headers() == client.request_headers()


@pytest.fixture
def odd_answer() -> Iterator[Callable[[int, bytes], str]]:
    """Serve one fixed answer to every POST, and return its address."""
    servers: list[ThreadingHTTPServer] = []

    def serve(status: int, body: bytes) -> str:
        class Odd(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b"", Outcome.ACCEPTED),
        (302, b"", Outcome.REJECTED),
        (404, b"<html>", Outcome.CONFIGURATION_FAULT),
        (404, b"[]", Outcome.CONFIGURATION_FAULT),
        (404, b'{"error": "gone"}', Outcome.CONFIGURATION_FAULT),
        (404, b'{"error": {"details": "none"}}', Outcome.CONFIGURATION_FAULT),
        (404, b'{"error": {"details": ["none", {"errorCode": "UNREGISTERED"}]}}', Outcome.CONFIGURATION_FAULT),
        (400, b'{"error": {"details": [{"fieldViolations": [7, {}]}]}}', Outcome.REJECTED),
        (
            400,
            b'{"error": {"message": "The registration token is not a valid FCM registration token"}}',
            Outcome.DEAD_TOKEN,
        ),
        (502, b"<html>", Outcome.RETRY),
    ],
)
def test_answers_that_are_not_fcms_own_are_read_as_far_as_they_go(
    secret: Secret, odd_answer: Callable[[int, bytes], str], status: int, body: bytes, outcome: Outcome
) -> None:
    secret.content = {**secret.content, "fcm_base_url": odd_answer(status, body)}
    assert send(FcmGateway(secret, time.time)).outcome is outcome


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b"<html>", Outcome.CONFIGURATION_FAULT),
        (200, b"[]", Outcome.CONFIGURATION_FAULT),
        (200, b"{}", Outcome.CONFIGURATION_FAULT),
        (502, b"<html>", Outcome.RETRY),
    ],
)
def test_a_token_endpoint_that_gives_no_token_is_told_apart_from_one_that_is_down(
    secret: Secret, odd_answer: Callable[[int, bytes], str], status: int, body: bytes, outcome: Outcome
) -> None:
    secret.content = {**secret.content, "fcm": {**secret.content["fcm"], "token_uri": odd_answer(status, body)}}
    assert send(FcmGateway(secret, time.time)).outcome is outcome


def test_a_token_that_does_not_say_how_long_it_lives_is_kept_for_an_hour(
    simulators: Simulators, secret: Secret, odd_answer: Callable[[int, bytes], str]
) -> None:
    url = odd_answer(200, b'{"access_token": "one"}')
    client = FcmClient({**secret.content["fcm"], "token_uri": url}, base_url=simulators.fcm_base_url)
    client.connect()
    assert client.request_headers()["Authorization"] == "Bearer one"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", None),
        ("soon", None),
        ("12", 12.0),
        (" 0 ", 0.0),
        ("-3", None),
        ("Tue, 14 Nov 2023 22:13:50 GMT", 30.0),
        ("Tue, 14 Nov 2023 22:13:00 GMT", 0.0),
    ],
)
def test_retry_after_may_be_a_number_or_a_date(header: str, found: float | None) -> None:
    assert seconds(header, 1_700_000_000.0) == found
