"""The implementations of calls.ports.CallContexts: the fake, and DynamoDB in moto."""

from collections.abc import Iterator

import pytest

from switchboard.aws import clients as aws
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.calls.ports import CallContexts
from tests.deployment import deployed
from tests.fakes.call_contexts import FakeCallContexts


@pytest.fixture(params=["fake", "dynamodb"])
def contexts(request: pytest.FixtureRequest) -> Iterator[CallContexts]:
    if request.param == "fake":
        yield FakeCallContexts()
        return
    with deployed():
        yield DynamoCallContexts(aws.client("dynamodb"), "CallContextsTable")
