"""Connections to FCM: TLS as in production; root certificates are read once."""

import ssl
import time
from pathlib import Path

import certifi
import pytest
from requests import adapters

from local.simulators import Simulators
from local.simulators.certificate import write_certificate
from switchboard.pushes.fcm import FcmGateway
from switchboard.pushes.push import Outcome
from tests.fakes.raw_server import json_answer, raw_server, saying
from tests.fakes.secret import FakeSecret
from tests.integration.push.fcm import send

TAKEN = saying(json_answer('{"name": "projects/demo/messages/1"}'))


def gateway_to(fcm: str, simulators: Simulators) -> FcmGateway:
    return FcmGateway(
        FakeSecret({"fcm": simulators.service_account.as_file(), "fcm_base_url": f"{fcm}/v1/projects"}), time.time
    )


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS certificate, and the root certificate that signed it."""
    served, root_certificate = write_certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(served)
    return tls, root_certificate


def test_root_certificates_are_read_once_for_all_connections(
    certificate: tuple[ssl.SSLContext, Path], simulators: Simulators, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls, root_certificate = certificate
    for bundle in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(bundle, raising=False)
    monkeypatch.setattr(certifi, "where", lambda: str(root_certificate))
    monkeypatch.setattr(adapters, "DEFAULT_CA_BUNDLE_PATH", str(root_certificate))
    with raw_server(TAKEN, tls=tls) as fcm:
        gateway = gateway_to(fcm.url, simulators)
        gateway.connect()
        root_certificate.unlink()
        outcomes = [send(gateway).outcome for _ in range(2)]  # the server closes each connection
    assert outcomes == [Outcome.ACCEPTED] * 2
    assert len(fcm.requests) == 2


def test_a_server_with_an_untrusted_certificate_gets_no_push(
    certificate: tuple[ssl.SSLContext, Path], simulators: Simulators
) -> None:
    with raw_server(TAKEN, tls=certificate[0]) as fcm:
        delivery = send(gateway_to(fcm.url, simulators))
    assert (delivery.outcome, delivery.reason) == (Outcome.RETRY, "SSLError")
    assert fcm.requests == []


def test_certifis_root_certificates_are_trusted_once_a_server_does_not_descend_from_those_that_ship(
    certificate: tuple[ssl.SSLContext, Path], simulators: Simulators, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUSH_CA_BUNDLE", certifi.where())
    monkeypatch.setattr(certifi, "where", lambda: str(certificate[1]))
    with raw_server(TAKEN, tls=certificate[0]) as fcm:
        outcomes = [send(gateway_to(fcm.url, simulators)).outcome for _ in range(2)]
    assert outcomes == [Outcome.ACCEPTED] * 2
    assert len(fcm.requests) == 2
