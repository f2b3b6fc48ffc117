"""Where FCM is, and with which service account: what PushSecret says."""

import socket
import time
from typing import Any

import pytest

from local.simulators import Simulators
from switchboard.foundation.errors import NotConfiguredError
from switchboard.pushes.fcm import FcmGateway
from switchboard.pushes.fcm_client import FcmClient
from switchboard.pushes.push import Outcome
from tests.fakes.clock import FakeClock
from tests.fakes.secret import FakeSecret
from tests.integration.push.fcm import send


def test_an_fcm_that_cannot_be_reached_is_tried_again(secret: FakeSecret) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    secret.content = {**secret.content, "fcm_base_url": f"http://127.0.0.1:{port}/v1/projects"}

    delivery = send(FcmGateway(secret, time.time))

    assert (delivery.outcome, delivery.reason) == (Outcome.RETRY, "ConnectionError")


def test_without_a_base_url_the_real_fcm_is_meant(secret: FakeSecret) -> None:
    client = FcmClient(secret.content["fcm"], base_url=None)
    assert client.fcm_end_point == "https://fcm.googleapis.com/v1/projects/switchboard-local/messages:send"


@pytest.mark.parametrize("account", [{}, {"type": "service_account"}, "text", None, 5, []])
def test_a_secret_without_a_usable_service_account_is_a_configuration_fault(secret: FakeSecret, account: Any) -> None:
    secret.content = {"fcm": account}
    assert send(FcmGateway(secret, time.time)).outcome is Outcome.CONFIGURATION_FAULT


@pytest.mark.parametrize("content", [{}, {"fcm_base_url": "http://127.0.0.1/v1/projects"}])
def test_an_unfilled_secret_goes_up_and_is_found_once_filled(
    simulators: Simulators, secret: FakeSecret, content: dict[str, Any]
) -> None:
    clock = FakeClock(time.time() - 1)  # Google takes no assertion from the future
    filled, secret.content = secret.content, content
    gateway = FcmGateway(secret, clock)
    with pytest.raises(NotConfiguredError):
        send(gateway)

    secret.content = filled
    clock.now += 1
    assert send(gateway).outcome is Outcome.ACCEPTED


def test_a_changed_secret_is_used_within_a_minute_and_an_unchanged_one_costs_no_token(
    simulators: Simulators, secret: FakeSecret
) -> None:
    clock = FakeClock(time.time() - 122)
    gateway = FcmGateway(secret, clock)
    before = simulators.oauth.issued
    send(gateway)
    clock.now += 61
    send(gateway)
    assert simulators.oauth.issued == before + 1

    secret.content = {**secret.content, "fcm_base_url": f"{simulators.base_url}/elsewhere"}
    clock.now += 61
    assert send(gateway).reason == "404"
