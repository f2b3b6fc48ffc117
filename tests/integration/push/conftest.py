"""The simulators, started once, and the push relay, deployed for each test; or its gateway to FCM alone."""

import time
from collections.abc import Iterator

import pytest

from local.simulators import Simulators, running_simulators
from switchboard.pushes.apns import ApnsGateway
from switchboard.pushes.fcm import FcmGateway
from tests.integration.push.fcm import NOW, Secret
from tests.push_stack import PushStack, push_stack


@pytest.fixture(scope="session")
def running() -> Iterator[Simulators]:
    with running_simulators() as simulators:
        yield simulators


@pytest.fixture
def simulators(running: Simulators) -> Simulators:
    running.faults.clear()
    running.pushes.clear()
    running.apns.provider_tokens.seen.clear()
    return running


@pytest.fixture
def stack(simulators: Simulators) -> Iterator[PushStack]:
    with push_stack(simulators) as stack:
        yield stack


@pytest.fixture
def secret(simulators: Simulators) -> Secret:
    return Secret({"fcm": simulators.service_account.as_file(), "fcm_base_url": simulators.fcm_base_url})


@pytest.fixture
def apns(simulators: Simulators) -> ApnsGateway:
    return ApnsGateway(Secret(simulators.push_secret), lambda: NOW / 1000)  # while the call of `fcm.PUSH` rings


@pytest.fixture
def gateway(secret: Secret) -> FcmGateway:
    return FcmGateway(secret, time.time)
