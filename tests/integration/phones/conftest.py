"""One deployment for all, a user for each."""

from collections.abc import Iterator

import pytest

from tests.api_stack import ApiStack, api_stack
from tests.integration.phones.user import UserWithPhones
from tests.push_stack import PushStack


@pytest.fixture(scope="module")
def stack() -> Iterator[ApiStack]:
    with api_stack(StockApps="allow") as running:
        yield running


@pytest.fixture
def user(stack: ApiStack) -> UserWithPhones:
    relay = PushStack(stack.deployment, stack.simulators)
    relay.configure()
    return UserWithPhones(stack, relay)
