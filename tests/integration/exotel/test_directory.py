"""Exotel's list of subscribers over real HTTP: pages, creations by tens, and an Exotel that answers otherwise."""

import json
import time
from collections.abc import Iterator

import pytest

from cli.subscribers.directory import Created, Creation, DirectoryEntry, NewSubscriber
from cli.subscribers.exotel_directory import ExotelDirectory
from local.simulators import Simulators, running_simulators
from local.simulators.faults import Fault
from switchboard.exotel.accounts import ExotelAccount
from switchboard.exotel.bounded_http import BoundedHttp
from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import UnavailableError, UpstreamError
from tests.benches.exotel import enveloped
from tests.fakes.identity import account
from tests.fakes.raw_server import Behaviour, json_answer, raw_server, saying

KEYS = {"demo1m": ("key-of-demo1m", "token-of-demo1m")}
NOT_FOUND = saying(json_answer("{}", "404 Not Found"))


@pytest.fixture
def directory() -> Iterator[ExotelDirectory]:
    http = BoundedHttp()
    yield ExotelDirectory(http, time.time)
    http.close()


@pytest.fixture
def simulators() -> Iterator[Simulators]:
    with running_simulators(KEYS) as running:
        yield running


@pytest.fixture
def exotel(simulators: Simulators) -> ExotelAccount:
    return account(api_host=simulators.exotel_url)


def soon() -> Deadline:
    return Deadline.after(5, time.monotonic)


def create(directory: ExotelDirectory, exotel: ExotelAccount, *names: str) -> dict[str, Creation]:
    return dict(directory.create_many(exotel, [NewSubscriber(name) for name in names], soon()))


def test_a_long_list_is_read_page_by_page(
    directory: ExotelDirectory, exotel: ExotelAccount, simulators: Simulators
) -> None:
    for number in range(205):
        simulators.exotel.subscribers.create("demo1m", f"user{number:03}", f"field {number}")
    first = directory.page(exotel, 0, soon())
    assert first.next_offset == 100
    assert first.entries[7] == DirectoryEntry("user007", "active", "field 7")
    last = directory.page(exotel, 200, soon())
    assert [entry.name for entry in last.entries] == [f"user{number:03}" for number in range(200, 205)]
    assert last.next_offset is None


def test_an_empty_list_has_one_page(directory: ExotelDirectory, exotel: ExotelAccount) -> None:
    page = directory.page(exotel, 0, soon())
    assert (page.entries, page.next_offset) == ([], None)


def test_each_name_gets_its_verdict(directory: ExotelDirectory, exotel: ExotelAccount, simulators: Simulators) -> None:
    create(directory, exotel, "old")
    for name, status in (("busy", 429), ("broken", 503), ("bad", 400)):
        simulators.faults.add(Fault("exotel", status=status, error_code="no luck today", subscriber=name))
    verdicts = create(directory, exotel, "old", "busy", "new", "broken", "bad")
    assert {name: verdict.outcome for name, verdict in verdicts.items()} == {
        "old": Created.EXISTING,
        "busy": Created.LATER,
        "new": Created.CREATED,
        "broken": Created.LATER,
        "bad": Created.REFUSED,
    }
    assert verdicts["bad"].reason == "400: no luck today"
    assert [one.name for one in simulators.exotel.subscribers.listed("demo1m")] == ["new", "old"]


def test_the_custom_field_goes_along(directory: ExotelDirectory, exotel: ExotelAccount, simulators: Simulators) -> None:
    directory.create_many(exotel, [NewSubscriber("ann", "desk 7")], soon())
    kept = simulators.exotel.subscribers.get("demo1m", "ann")
    assert kept is not None
    assert kept.custom_field == "desk 7"


@pytest.mark.parametrize("number", [0, 11])
def test_no_more_than_ten_at_once(directory: ExotelDirectory, exotel: ExotelAccount, number: int) -> None:
    with pytest.raises(ValueError, match="1 to 10"):
        create(directory, exotel, *(f"user{n}" for n in range(number)))


def test_too_many_requests_says_when_to_ask_again(
    directory: ExotelDirectory, exotel: ExotelAccount, simulators: Simulators
) -> None:
    simulators.faults.add(Fault("exotel", status=429, retry_after=7))
    with pytest.raises(UnavailableError) as refused:
        create(directory, exotel, "ann")
    assert refused.value.retry_after == 7


def asked(directory: ExotelDirectory, *behaviours: Behaviour) -> dict[str, Creation]:
    with raw_server(*behaviours) as server:
        return create(directory, account(api_host=server.url), "ann", "ben")


def test_verdicts_in_another_order_are_given_to_whom_they_name(directory: ExotelDirectory) -> None:
    parts = [{"code": 200, "data": {"subscriber_name": "ben"}}, {"code": 409, "data": {"subscriber_name": "ann"}}]
    verdicts = asked(directory, enveloped(parts))
    assert (verdicts["ann"].outcome, verdicts["ben"].outcome) == (Created.EXISTING, Created.CREATED)


def test_a_name_without_a_verdict_is_looked_up(directory: ExotelDirectory) -> None:
    parts = [{"code": 200, "data": {"subscriber_name": "ann"}}]
    known = enveloped({"code": 200, "data": {"subscriber_name": "ben"}})
    assert asked(directory, enveloped(parts), known)["ben"].outcome is Created.EXISTING
    assert asked(directory, enveloped(parts), NOT_FOUND)["ben"].outcome is Created.REFUSED


def test_a_verdict_on_another_is_not_taken_for_ones_own(directory: ExotelDirectory) -> None:
    parts = [{"code": 200, "data": {"subscriber_name": "ben"}}, {"code": 200, "data": {"subscriber_name": "cat"}}]
    verdicts = asked(directory, enveloped(parts), NOT_FOUND)
    assert (verdicts["ann"].outcome, verdicts["ben"].outcome) == (Created.REFUSED, Created.CREATED)


@pytest.mark.parametrize(
    "body",
    [
        "<html>",
        "[]",
        "{}",
        json.dumps({"response": [], "metadata": None}),
        json.dumps({"response": [{"data": None}], "metadata": {"next_page_uri": None}}),
        json.dumps({"response": [{"data": {"subscriber_name": 1, "status": "active"}}], "metadata": {}}),
    ],
)
def test_an_answer_without_a_list_is_refused(directory: ExotelDirectory, body: str) -> None:
    with raw_server(saying(json_answer(body))) as server, pytest.raises(UpstreamError) as refused:
        directory.page(account(api_host=server.url), 0, soon())
    assert refused.value.code == "exotel_bad_answer"
