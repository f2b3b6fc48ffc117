"""One stack for each file of tests, in its initial state for each test."""

import time
from collections.abc import Iterator

import pytest

from switchboard.rate_limits.limits import window_end
from tests.identity_stack import IdentityStack, identity_stack

LONGEST_TEST_SECONDS = 20.0


@pytest.fixture(scope="module")
def shared() -> Iterator[IdentityStack]:
    with identity_stack() as running:
        yield running


@pytest.fixture
def empty_stack(shared: IdentityStack) -> IdentityStack:
    """A stack without subscribers, at a time when failed logins are counted in one window until the test ends."""
    left = window_end(time.time()) - time.time()
    if left < LONGEST_TEST_SECONDS:
        time.sleep(left)
    shared.reset()
    return shared


@pytest.fixture
def stack(empty_stack: IdentityStack) -> IdentityStack:
    """A stack in which alice may log in."""
    created = empty_stack.as_server("PUT", body={"password": "switchboard", "display_name": "Alice"})
    assert created.status == 201
    return empty_stack
