"""Connections to APNs: few, shared, and opened anew when they turn out to be dead."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import certifi
import pytest

from local.simulators import Simulators
from local.simulators.faults import Fault
from switchboard.pushes import apns_sender
from switchboard.pushes.apns import SEND_SECONDS, ApnsGateway
from switchboard.pushes.apns_connection import IDLE_SECONDS, tls_of
from switchboard.pushes.push import Delivery, Outcome
from switchboard.subscribers.subscriber import Device, Environment
from tests.fakes.secret import FakeSecret
from tests.integration.push.apns import VOIP, send
from tests.integration.push.fcm import NOW, PUSH
from tests.patience import in_time, patience

ROOT = Path(__file__).parents[3]
TEN = [replace(VOIP, token=f"{number:064x}") for number in range(1, 11)]


def together(gateway: ApnsGateway, devices: list[Device]) -> list[Delivery]:
    with ThreadPoolExecutor(len(devices)) as threads:
        return list(threads.map(lambda device: send(gateway, device), devices))


def test_all_threads_share_one_connection_to_each_environment(apns: ApnsGateway, simulators: Simulators) -> None:
    assert {send(apns, replace(VOIP, environment=one)).outcome for one in Environment} == {Outcome.ACCEPTED}
    before = simulators.apns.connections
    simulators.pushes.clear()
    devices = [replace(one, environment=environment) for one in TEN for environment in Environment] * 10

    deliveries = together(apns, devices[:50]) + together(apns, devices[50:])

    assert {delivery.outcome for delivery in deliveries} == {Outcome.ACCEPTED}
    assert len(simulators.pushes.accepted()) == 200
    assert simulators.apns.connections == before


def test_two_apps_of_one_team_share_a_connection(simulators: Simulators) -> None:
    own = simulators.apns.account.as_secret()
    secret = simulators.push_secret | {"accounts": {"other1m": {"apns": own | {"bundle_id": "com.example.other"}}}}
    gateway = ApnsGateway(FakeSecret(secret), time.time)
    simulators.apns_servers.disconnect(None)
    before = simulators.apns.connections

    assert send(gateway).outcome is Outcome.ACCEPTED
    assert send(gateway, push=replace(PUSH, account="other1m")).outcome is Outcome.DISABLED

    assert simulators.apns.connections - before == 1


@pytest.mark.parametrize("reason", [None, "Shutdown"])
def test_ten_phones_ring_over_one_new_connection_after_the_old_one_has_died(
    apns: ApnsGateway, simulators: Simulators, reason: str | None
) -> None:
    send(apns)
    before = simulators.apns.connections
    simulators.apns_servers.disconnect(reason)
    simulators.pushes.clear()

    assert {delivery.outcome for delivery in together(apns, TEN)} == {Outcome.ACCEPTED}
    assert len(simulators.pushes.accepted()) == 10
    assert simulators.apns.connections - before <= 2  # two where requests still wait for the dead one's turn


SENDING = """
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from types import SimpleNamespace
from switchboard.pushes import apns_sender
from switchboard.pushes.apns import ApnsGateway
from switchboard.pushes.push import Push
from switchboard.subscribers.subscriber import Device, Environment, TokenType

secret = SimpleNamespace(value=lambda content=json.load(sys.stdin): content)
now = int(time.time() * 1000)
push = Push("demo1m", "dave", "e30.e30.sig", "1", "push-1", now)

def send(gateway, number):
    device = Device(f"{number:064x}", TokenType.APNS_VOIP, 1, environment=Environment.PRODUCTION)
    return gateway.send(push, device, expires_at_ms=now + 30_000, now_ms=now).outcome
"""

MEASURE = """
threads = ThreadPoolExecutor(10)

def took(phones, warm):
    if not warm:
        apns_sender._CONNECTIONS.clear()
    gateway = ApnsGateway(secret, time.time)
    gateway.connect()
    if warm:
        send(gateway, 1)
    began = time.monotonic()
    assert set(threads.map(lambda number: send(gateway, number), range(1, phones + 1))) == {"accepted"}
    return time.monotonic() - began

took(10, True)
for warm in (True, False):
    one, ten = zip(*[(took(1, warm), took(10, warm)) for _ in range(11)])
    print(median(one), median(ten))
"""


def test_ten_phones_take_little_longer_than_one(simulators: Simulators) -> None:
    """APNs answers in 40 ms here. Apple allows one request at a time until its first answer on a new connection."""
    simulators.faults.add(Fault("apns", delay_ms=40, times=1_000))

    measured = subprocess.run(
        [sys.executable, "-c", SENDING + MEASURE],
        input=json.dumps(simulators.push_secret),
        env={"PYTHONPATH": str(ROOT / "layers" / "switchboard")},
        capture_output=True,
        text=True,
        check=True,
        timeout=patience(30),
    )

    one_warm, ten_warm, one_new, ten_new = map(float, measured.stdout.split())
    assert in_time(ten_warm, 1.5 * one_warm), (one_warm, ten_warm)
    assert in_time(ten_new, 2.5 * one_new), (one_new, ten_new)


def test_apple_closes_after_repeated_bad_tokens_and_the_next_push_rings(
    apns: ApnsGateway, simulators: Simulators
) -> None:
    simulators.faults.add(Fault("apns", error_code="BadDeviceToken", times=10))

    outcomes = [send(apns, one).outcome for one in [*TEN, VOIP]]

    assert outcomes == [Outcome.DEAD_TOKEN] * 10 + [Outcome.ACCEPTED]


def test_a_connection_that_was_idle_for_long_is_not_used(
    apns: ApnsGateway, simulators: Simulators, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(apns)
    before, now = simulators.apns.connections, time.time
    monkeypatch.setattr("switchboard.pushes.apns_connection.time.time", lambda: now() + IDLE_SECONDS + 1)

    assert send(apns).outcome is Outcome.ACCEPTED
    assert simulators.apns.connections - before == 1


def test_a_host_that_does_not_answer_costs_no_more_than_a_sends_time(apns: ApnsGateway, simulators: Simulators) -> None:
    simulators.faults.add(Fault("apns", delay_ms=60_000))
    began = time.monotonic()

    assert send(apns) == Delivery(Outcome.RETRY, "APNs ReadTimeout")
    assert time.monotonic() - began < patience(SEND_SECONDS)


def test_a_host_that_is_down_or_untrusted_is_a_fault_that_passes(simulators: Simulators) -> None:
    untrusted = ApnsGateway(FakeSecret(simulators.push_secret | {"apns_root_certificate": None}), time.time)
    nobody = dict.fromkeys(("production", "sandbox"), "https://127.0.0.1:1")
    down = ApnsGateway(FakeSecret(simulators.push_secret | {"apns_base_urls": nobody}), time.time)

    assert [send(gateway) for gateway in (untrusted, down)] == [Delivery(Outcome.RETRY, "APNs ConnectError")] * 2


def test_certifis_root_certificates_are_trusted_once_apple_does_not_descend_from_those_that_ship(
    simulators: Simulators, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PUSH_CA_BUNDLE", certifi.where())
    (tmp_path / "roots.pem").write_text(simulators.apns_root_pem)
    monkeypatch.setattr(certifi, "where", lambda: str(tmp_path / "roots.pem"))
    monkeypatch.setattr(apns_sender, "_CONNECTIONS", {})
    tls_of.cache_clear()
    gateway = ApnsGateway(FakeSecret(simulators.push_secret | {"apns_root_certificate": None}), time.time)

    try:
        assert send(gateway).outcome is Outcome.ACCEPTED
    finally:
        tls_of.cache_clear()
        for pool in filter(None, (connection._pool for connection in apns_sender._CONNECTIONS.values())):
            apns_sender._LOOP.run(pool.aclose(), 5.0)


SIGN = """
import sys, time
from switchboard.pushes.apns_provider_token import ProviderTokens
print(ProviderTokens(sys.stdin.read(), "SWBRDKEY01", "SWBRDTEAM1").token(float(sys.argv[1])))
"""


def test_all_processes_sign_the_same_token_and_two_an_hour(simulators: Simulators) -> None:
    def signed(at: float) -> str:
        command = [sys.executable, "-c", SIGN, str(at)]
        key, path = simulators.apns.account.key_pem, {"PYTHONPATH": str(ROOT / "layers" / "switchboard")}
        ran = subprocess.run(command, input=key, env=path, capture_output=True, text=True, check=True)
        return ran.stdout.strip()

    half_hour = NOW // 1000 // 1800 * 1800
    assert len({signed(half_hour), signed(half_hour + 1799.9)}) == 1
    assert signed(half_hour + 1800) != signed(half_hour)


@pytest.mark.long
def test_a_fleet_of_twenty_processes_has_one_token_in_half_an_hour(simulators: Simulators) -> None:
    path = {"PYTHONPATH": str(ROOT / "layers" / "switchboard")}

    def sent(number: int) -> str:
        code = f"print(send(ApnsGateway(secret, time.time), {number}))"
        command, secret = [sys.executable, "-c", SENDING + code], json.dumps(simulators.push_secret)
        return subprocess.run(command, input=secret, env=path, capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(sent, range(1, 21)))

    assert outcomes == ["accepted\n"] * 20
    assert len(simulators.apns.provider_tokens.seen) <= 2  # two where a half hour ends just now


@pytest.mark.parametrize(
    ("behind", "outcome"), [(0, Outcome.ACCEPTED), (3000, Outcome.ACCEPTED), (7200, Outcome.CONFIGURATION_FAULT)]
)
def test_a_clock_that_is_behind_makes_the_token_expire_and_one_more_is_signed(
    simulators: Simulators, behind: float, outcome: Outcome
) -> None:
    late: Callable[[], float] = lambda: time.time() - behind  # noqa: E731

    assert send(ApnsGateway(FakeSecret(simulators.push_secret), late)).outcome is outcome
