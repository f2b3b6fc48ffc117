"""Every built function, several at once, where AWS hangs: answers and failed records in time, or Lambda's own end."""

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.deployment import Deployment, deployed
from tests.events import recorded
from tests.fakes.raw_server import raw_server
from tests.faults.wire import DRIP
from tests.patience import in_time
from tests.push_stack import jwt
from tests.runtime.lambda_runtime import Invocation, running
from tests.runtime.outside_services import aws_at
from tests.runtime.test_built_functions import API_FUNCTIONS, BY_SESSION, FUNCTIONS, NEEDS_NO_AWS, event_of
from tests.sam_template import resources

PROMISED = {"DialWhomFunction": 4.0, "AcceptPushFunction": 4.5}  # seconds; the others' own timeout is enough
FROM_ARRIVAL = "DialWhomFunction"  # whose promise holds though its cold start hangs, too
NEEDS_NOTHING = {
    **{name: {"routeKey": "GET /v1/nothing"} for name in API_FUNCTIONS if name != FROM_ARRIVAL},
    "DeliverPushFunction": recorded("deliver_push"),  # years old, so stale
}
AT_ONCE = 6
TIMEOUT_SECONDS = "2"  # that Lambda gives unpack_logs here, in place of 60
ENDED = "Task timed out after 2.00 seconds"


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    with deployed() as made:
        yield made


@pytest.fixture(scope="module")
def hung(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Invocation]:
    """What each function answered its event, after a cold start that hung, too."""
    with hanging_endpoint() as endpoint:
        environments = {name: aws_at(endpoint, name) | deployment.environment(name) for name in FUNCTIONS}
        scratch = {name: tmp_path_factory.mktemp(name) for name in FUNCTIONS}  # which is not made for threads

        def invoked(name: str) -> Invocation:
            with running(name, environments[name] | ended_early(name), scratch[name]) as runtime:
                if name in NEEDS_NOTHING:
                    runtime.invoke(NEEDS_NOTHING[name])  # the cold start, whose warming up hangs, too
                return runtime.invoke(event_for(name))

        with ThreadPoolExecutor(AT_ONCE) as threads:
            return dict(zip(FUNCTIONS, threads.map(invoked, FUNCTIONS), strict=True))


@contextmanager
def hanging_endpoint() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=200)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def ended_early(function: str) -> dict[str, str]:
    return {"AWS_LAMBDA_FUNCTION_TIMEOUT": TIMEOUT_SECONDS} if function == "UnpackLogsFunction" else {}


def event_for(function: str) -> dict[str, Any]:
    """Return the function's event, of this moment, with a credential that has to be looked at."""
    event = recorded(event_of(function))
    if function == FROM_ARRIVAL:
        event["requestContext"]["timeEpoch"] = int(time.time() * 1000)
    if function in BY_SESSION:
        event["headers"]["authorization"] = f"Bearer {jwt()}"
    if function == "DeliverPushFunction":
        (record,) = event["Records"]
        record["body"] = json.dumps(json.loads(record["body"]) | {"acceptedAt": int(time.time() * 1000)})
    return event


@pytest.mark.parametrize("function", API_FUNCTIONS)
def test_an_api_function_answers_in_time_though_aws_hangs(hung: dict[str, Invocation], function: str) -> None:
    timeout = resources("AWS::Serverless::Function")[function].get("Timeout", 10)
    status = 404 if function == NEEDS_NO_AWS else 503
    assert (hung[function].answer["statusCode"], hung[function].body["http_code"]) == (status, status)
    assert in_time(hung[function].seconds, PROMISED.get(function, timeout))


@pytest.mark.parametrize("function", ["DeliverPushFunction", "RecordCallFunction"])
def test_a_queues_function_lets_its_record_come_back_though_aws_hangs(
    hung: dict[str, Invocation], function: str
) -> None:
    timeout = resources("AWS::Serverless::Function")[function].get("Timeout", 10)
    assert len(hung[function].answer["batchItemFailures"]) == 1
    assert in_time(hung[function].seconds, timeout)


def test_lambda_ends_a_queues_function_whose_dependency_hangs(hung: dict[str, Invocation]) -> None:
    assert ENDED in str(hung["UnpackLogsFunction"].answer)


def test_lambda_ends_a_queues_function_whose_dependency_drips(deployment: Deployment, tmp_path: Path) -> None:
    name = "UnpackLogsFunction"
    with raw_server(DRIP) as server:
        environment = aws_at(server.url, name) | deployment.environment(name) | ended_early(name)
        with running(name, environment, tmp_path) as runtime:
            answer = runtime.invoke(recorded(event_of(name))).answer
    assert ENDED in str(answer)
