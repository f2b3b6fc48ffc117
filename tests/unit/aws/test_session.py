"""Our session of AWS clients compared with botocore's: what it omits does not matter for the services we call."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from botocore.handlers import BUILTIN_HANDLERS
from botocore.session import Session

from switchboard.aws import clients as aws
from switchboard.aws import session as aws_session

SERVICES = {"dynamodb": "dynamodb", "s3": "s3", "secretsmanager": "secrets-manager", "sqs": "sqs"}
EVENTS = sorted({event for event, *_ in BUILTIN_HANDLERS if not event.startswith("docs.")})


@pytest.fixture(autouse=True)
def given_credentials(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    aws_session.session.cache_clear()
    yield
    aws_session.session.cache_clear()


def handlers(session: Session, event: str) -> list[Any]:
    """What botocore does at an event, in its order; Powertools adds its name to the user agent."""
    emitter = session.get_component("event_emitter")
    every = emitter._emitter._handlers.prefix_search(emitter._alias_event_name(event))
    return [handler for handler in every if "powertools" not in handler.__module__]


@pytest.mark.parametrize(("service", "named"), SERVICES.items())
def test_at_each_event_of_a_service_happens_what_botocore_does(service: str, named: str) -> None:
    kinds = {event.partition(".")[0] for event in EVENTS}
    own = {event for event in EVENTS if event.split(".")[1:2] == [named]}
    own |= {f"{kind}.{named}.GetItem" for kind in kinds}
    made, whole = aws_session.session_for(service), Session()
    assert {event: handlers(made, event) for event in own} == {event: handlers(whole, event) for event in own}


def test_a_service_that_nobody_calls_costs_nothing() -> None:
    assert handlers(aws_session.session_for("dynamodb"), "after-call.ec2.GetConsoleOutput") == []


def test_credentials_are_those_of_the_environment() -> None:
    found = aws_session.session().get_credentials()
    assert found is not None
    assert (found.access_key, found.method) == ("testing", "env")


def test_a_session_that_is_made_anew_reads_no_description_again() -> None:
    loader = aws_session.session().get_component("data_loader")
    aws_session.session.cache_clear()
    assert aws_session.session().get_component("data_loader") is loader


def test_threads_that_need_a_client_have_theirs_made_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    two, make, met = Barrier(2), Session.create_client, []

    def making(session: Session, *named: Any, **options: Any) -> object:
        try:
            met.append(two.wait(0.1))
        except BrokenBarrierError:
            two.reset()
        return make(session, *named, **options)

    monkeypatch.setattr(Session, "create_client", making)
    with ThreadPoolExecutor(2) as threads:
        assert len(list(threads.map(aws.client, ["sqs", "dynamodb"]))) == 2
    assert met == []
