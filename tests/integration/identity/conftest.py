"""One stack for each file of tests, in its initial state for each test."""

from collections.abc import Iterator

import pytest

from tests.identity_stack import IdentityStack, identity_stack


@pytest.fixture(scope="module")
def shared() -> Iterator[IdentityStack]:
    with identity_stack() as running:
        yield running


@pytest.fixture
def empty_stack(shared: IdentityStack) -> IdentityStack:
    shared.reset()
    return shared


@pytest.fixture
def stack(empty_stack: IdentityStack) -> IdentityStack:
    """A stack in which alice may log in."""
    created = empty_stack.as_server("PUT", body={"password": "switchboard", "display_name": "Alice"})
    assert created.status == 201
    return empty_stack
