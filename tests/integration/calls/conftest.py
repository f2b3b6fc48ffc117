"""Dial Whom, deployed for each test."""

from collections.abc import Iterator

import pytest

from tests.deployment import Deployment, deployed
from tests.dial_whom_stack import WEBHOOKS, alice_sets


@pytest.fixture
def stack() -> Iterator[Deployment]:
    with deployed(LateContextMs="0") as deployment:
        deployment.fill("WebhookSecret", WEBHOOKS)
        alice_sets("bob")
        yield deployment
