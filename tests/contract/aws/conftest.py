"""Secrets Manager in moto, and a clock."""

from collections.abc import Iterator

import pytest

from tests.deployment import Deployment, deployed
from tests.fakes.clock import FakeClock


@pytest.fixture
def stack() -> Iterator[Deployment]:
    with deployed() as deployment:
        yield deployment


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()
