"""The simulators, started once, and the push relay, deployed for each test; or its gateway to FCM alone."""

import time
from collections.abc import Iterator

import pytest

from local.simulators import Simulators
from switchboard.pushes.apns import ApnsGateway
from switchboard.pushes.fcm import FcmGateway
from tests.fakes.secret import FakeSecret
from tests.integration.push.fcm import NOW
from tests.push_stack import PushStack, push_stack


@pytest.fixture
def stack(simulators: Simulators) -> Iterator[PushStack]:
    with push_stack(simulators) as stack:
        yield stack


@pytest.fixture
def secret(simulators: Simulators) -> FakeSecret:
    return FakeSecret({"fcm": simulators.service_account.as_file(), "fcm_base_url": simulators.fcm_base_url})


@pytest.fixture
def apns(simulators: Simulators) -> ApnsGateway:
    return ApnsGateway(FakeSecret(simulators.push_secret), lambda: NOW / 1000)  # while the call of `fcm.PUSH` rings


@pytest.fixture
def gateway(secret: FakeSecret) -> FcmGateway:
    return FcmGateway(secret, time.time)
