"""Who may use ManageDevicesFunction's routes: sessions, stock apps, accounts; and what it logs."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from switchboard.subscribers.ended_sessions import end_session
from switchboard.subscribers.subscriber import Status, Subscriber
from tests.fakes.aws_calls import before_each
from tests.integration.subscribers.deployment import ROUTES, SESSION_ID, Deployment, deployed


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    with deployed(monkeypatch) as deployment:
        yield deployment


@pytest.mark.parametrize("route", ROUTES)
def test_without_a_session_only_stock_apps_of_an_active_subscriber_are_let_in(
    deployment: Deployment, route: str
) -> None:
    bob = deployment.subscribers.find("demo1m", "bob")
    assert bob is not None
    deployment.subscribers.put(replace(bob, status=Status.INACTIVE))
    query = "deviceToken=t"
    assert deployment.call(route, query=query, session="exotels-own.access.token")["http_code"] == 200
    assert deployment.call(route, query=query, name="nobody")["code"] == "unknown_subscriber"
    assert deployment.call(route, query=query, account="other1m")["http_code"] == 404
    assert deployment.call(route, query=query, name="bob")["http_code"] == 403
    deployment.set(STOCK_APPS="deny")
    assert deployment.call(route, query=query)["http_code"] == 401
    assert deployment.call(route, query=query, session="exotels-own.access.token")["http_code"] == 401


@pytest.mark.parametrize(
    ("account", "name"),
    [
        ("demo1m", "x" * 3_000),
        ("x" * 3_000, "alice"),
        ("demo1m", "alice#profile"),
        ("demo1m#alice", "profile"),
        ("demo1m#token", "ab" * 32),
        ("demo1m", "%00"),
        ("", "alice"),
    ],
)
def test_a_stock_app_is_refused_for_names_that_do_not_exist(deployment: Deployment, account: str, name: str) -> None:
    asked: list[object] = []
    client = deployment.app.build().gate.subscribers._client
    before_each(client, lambda *_: asked.append(1))
    assert deployment.call(ROUTES[2], account=account, name=name)["http_code"] == 404
    assert not asked or len(account) + len(name) < 100  # DynamoDB refuses keys of more than 2,048 bytes


@pytest.mark.parametrize("stock_apps", ["allow", "deny"])
@pytest.mark.parametrize("route", ROUTES)
def test_a_session_acts_for_its_own_subscriber_only(deployment: Deployment, route: str, stock_apps: str) -> None:
    deployment.set(STOCK_APPS=stock_apps)
    deployment.subscribers.put(Subscriber("other1m", "alice", Status.ACTIVE, "v1", "Alice", 1, 1))
    query, session = "deviceToken=t", deployment.session()
    assert deployment.call(route, query=query, session=session)["http_code"] == 200
    assert deployment.call(route, query=query, session=session, name="bob")["http_code"] == 403
    assert deployment.call(route, query=query, session=session, account="other1m")["http_code"] == 403
    session_of_alice = (SESSION_ID, 2000000000)
    end_session(deployment.subscribers, "demo1m", "alice", session_of_alice, now=1, new_version=lambda: "v2")
    assert deployment.call(route, query=query, session=session)["http_code"] == 401


def test_a_table_that_does_not_answer_is_a_503(deployment: Deployment) -> None:
    deployment.set(SUBSCRIBERS_TABLE="gone")
    assert deployment.call(ROUTES[0])["code"] == "unavailable"


def test_a_token_is_never_logged(deployment: Deployment, caplog: pytest.LogCaptureFixture) -> None:
    deployment.call(ROUTES[0], session=deployment.session())
    deployment.call(ROUTES[0], body='{"deviceToken":"two words"}')
    logged = str([vars(record) for record in caplog.records])
    assert "devicetoken" in logged
    assert "fcm-token" not in logged
    assert "two words" not in logged


def test_stock_apps_allow_logs_a_warning(deployment: Deployment, caplog: pytest.LogCaptureFixture) -> None:
    deployment.call(ROUTES[2])
    deployment.call(ROUTES[2])
    assert [record.levelname for record in caplog.records].count("WARNING") == 1
    caplog.clear()
    deployment.set(STOCK_APPS="deny")
    deployment.call(ROUTES[2], session=deployment.session())
    assert "WARNING" not in [record.levelname for record in caplog.records]
