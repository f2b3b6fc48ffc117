"""What every implementation of ports.exotel.Exotel does: the fake, and the API's client against the simulator."""

import time
from collections.abc import Iterator

import pytest

from local.simulators import running_simulators
from switchboard.exotel.accounts import ExotelAccount
from switchboard.exotel.bounded_http import BoundedHttp
from switchboard.exotel.client import ExotelApi
from switchboard.exotel.ports import Exotel
from switchboard.exotel.tokens import Phone
from switchboard.foundation.deadline import Deadline
from switchboard.subscribers.subscriber import Platform, Status
from tests.fakes.identity import FakeExotel, account

PHONE = Phone("2fc4b5912826ad1", Platform.ANDROID)
KEYS = {"demo1m": ("key-of-demo1m", "token-of-demo1m"), "other1m": ("key-of-other1m", "token-of-other1m")}


class Bench:
    def __init__(self, exotel: Exotel, url: str, now: float) -> None:
        self.exotel = exotel
        self.account: ExotelAccount = account(api_host=url)
        self.other: ExotelAccount = account("other1m", api_host=url)
        self.deadline = Deadline.after(5, time.monotonic)
        self.now = now


@pytest.fixture(params=["fake", "api"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    if request.param == "fake":
        fake = FakeExotel()
        yield Bench(fake, "", fake.now)
        return
    with running_simulators(KEYS) as simulators:
        http = BoundedHttp()
        yield Bench(ExotelApi(http, time.time), simulators.exotel_url, time.time())
        http.close()


def test_an_unknown_subscriber_gets_no_token(bench: Bench) -> None:
    assert bench.exotel.issue_token(bench.account, "alice", PHONE, bench.deadline) is None


def test_a_created_subscriber_gets_a_new_token_each_time(bench: Bench) -> None:
    bench.exotel.create(bench.account, "alice", bench.deadline)
    first = bench.exotel.issue_token(bench.account, "alice", PHONE, bench.deadline)
    second = bench.exotel.issue_token(bench.account, "alice", PHONE, bench.deadline)
    assert first is not None
    assert second is not None
    assert first.access_token != second.access_token
    assert first.refresh_token != first.access_token
    assert first.access_expires_at == pytest.approx(bench.now + 1800, abs=5)
    assert first.refresh_expires_at == pytest.approx(bench.now + 86400, abs=5)


def test_creating_an_existing_subscriber_succeeds(bench: Bench) -> None:
    for _ in range(2):
        bench.exotel.create(bench.account, "alice", bench.deadline)


def test_a_status_is_set_on_those_who_are_known_only(bench: Bench) -> None:
    assert not bench.exotel.set_status(bench.account, "alice", Status.INACTIVE, bench.deadline)
    bench.exotel.create(bench.account, "alice", bench.deadline)
    assert bench.exotel.set_status(bench.account, "alice", Status.INACTIVE, bench.deadline)


def test_a_deletion_says_whether_there_was_anybody(bench: Bench) -> None:
    bench.exotel.create(bench.account, "alice", bench.deadline)
    assert bench.exotel.delete(bench.account, "alice", bench.deadline)
    assert not bench.exotel.delete(bench.account, "alice", bench.deadline)
    assert bench.exotel.issue_token(bench.account, "alice", PHONE, bench.deadline) is None


def test_accounts_do_not_share_subscribers(bench: Bench) -> None:
    bench.exotel.create(bench.account, "alice", bench.deadline)
    assert bench.exotel.issue_token(bench.other, "alice", PHONE, bench.deadline) is None
    assert not bench.exotel.delete(bench.other, "alice", bench.deadline)
