"""The simulators, started once, and the push relay, deployed for each test."""

from collections.abc import Iterator

import pytest

from local.simulators import Simulators, running_simulators
from tests.push_stack import PushStack, push_stack


@pytest.fixture(scope="session")
def running() -> Iterator[Simulators]:
    with running_simulators() as simulators:
        yield simulators


@pytest.fixture
def simulators(running: Simulators) -> Simulators:
    running.faults.clear()
    running.pushes.clear()
    return running


@pytest.fixture
def stack(simulators: Simulators) -> Iterator[PushStack]:
    with push_stack(simulators) as stack:
        yield stack
