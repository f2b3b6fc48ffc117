"""What every implementation of ports.pushes.RingingCalls does: the fake, and DynamoDB in moto."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from switchboard.pushes.ports import RingingCalls
from switchboard.pushes.ringing import RingingCall, ringing_id
from switchboard.pushes.ringing_calls import DynamoRingingCalls
from tests.fakes.moto_wire import moto_client
from tests.fakes.push import FakeRingingCalls
from tests.tables import create_tables

NOW = 1_700_000_000_000
KEY = "0123456789abcdef" * 2
CALL = RingingCall(
    "demo1m",
    "dave",
    ringing_id(NOW, "sid-1"),
    NOW + 30_000,
    caller="alice",
    pushes={f"{KEY}aaaaaaaa": "uuid-1"},
    phones=frozenset({"phone-1", "phone-2"}),
)


@pytest.fixture(params=["fake", "dynamodb"])
def calls(request: pytest.FixtureRequest) -> Iterator[RingingCalls]:
    if request.param == "fake":
        yield FakeRingingCalls()
        return
    with moto_client("dynamodb") as client:
        create_tables(client)
        yield DynamoRingingCalls(client, "DeliveriesTable")


def test_a_registered_call_is_found_by_its_callee_and_id(calls: RingingCalls) -> None:
    assert calls.find(CALL) is None

    assert calls.register(CALL) == CALL

    assert calls.find(RingingCall("demo1m", "dave", CALL.id, 0)) == CALL
    assert CALL.call_sid == "sid-1"


@pytest.mark.parametrize("other", [{"account": "other1m"}, {"callee": "bob"}, {"id": ringing_id(NOW, "sid-2")}])
def test_no_other_call_is_found(calls: RingingCalls, other: dict[str, str]) -> None:
    calls.register(CALL)

    assert calls.find(replace(CALL, **other)) is None  # type: ignore[arg-type]


def test_a_second_push_of_the_call_adds_its_invite_and_phones(calls: RingingCalls) -> None:
    other = f"{KEY[::-1]}bbbbbbbb"
    calls.register(CALL)

    both = calls.register(
        replace(CALL, until=NOW + 31_000, pushes={other: "uuid-2"}, phones=frozenset({"phone-2", "phone-3"}))
    )

    assert both.pushes == {**CALL.pushes, other: "uuid-2"}
    assert (sorted(both.phones), both.until) == (["phone-1", "phone-2", "phone-3"], NOW + 31_000)
    assert both.has_push(f"{KEY}cccccccc")  # the same push, sent again
    assert not both.has_push("c" * 40)


def test_a_callees_calls_come_newest_first_and_without_older_ones(calls: RingingCalls) -> None:
    for second in (0, 10, 40, 20):
        calls.register(replace(CALL, id=ringing_id(NOW + second * 1000, f"sid-{second}")))
    calls.register(replace(CALL, callee="bob"))

    assert [call.call_sid for call in calls.of("demo1m", "dave", NOW + 10_000, 25)] == ["sid-40", "sid-20", "sid-10"]
    assert [call.call_sid for call in calls.of("demo1m", "dave", NOW, 2)] == ["sid-40", "sid-20"]


def test_dynamodb_lets_a_call_expire_a_minute_after_its_ringing() -> None:
    with moto_client("dynamodb") as client:
        create_tables(client)
        DynamoRingingCalls(client, "DeliveriesTable").register(CALL)
        (item,) = client.scan(TableName="DeliveriesTable")["Items"]

    assert int(item["expires_at"]["N"]) == (NOW + 90_000) // 1000


def test_an_answer_is_stored_with_the_phone_if_it_is_known(calls: RingingCalls) -> None:
    calls.register(CALL)

    calls.answer(CALL, None)
    found = calls.find(CALL)
    assert found is not None
    assert found.answered_somewhere

    calls.answer(CALL, "phone-1")
    found = calls.find(CALL)
    assert found is not None
    assert not found.answered_somewhere
    assert found.spared == {"phone-1"}


def test_the_first_end_of_a_call_gives_the_reason_and_each_end_the_phones_that_are_spared(calls: RingingCalls) -> None:
    calls.register(CALL)

    declined = calls.end(CALL, "declinedElsewhere", "phone-1", answered=False)
    ended = calls.end(CALL, "ended", None, answered=False)

    assert declined is not None
    assert (declined.over, sorted(declined.spared)) == ("declinedElsewhere", ["phone-1"])
    assert declined.pushes == CALL.pushes
    assert ended == declined
    assert calls.register(CALL).over == "declinedElsewhere"  # seen by an invite that comes later


def test_no_end_is_stored_while_a_phone_has_answered_that_nobody_has_named(calls: RingingCalls) -> None:
    calls.register(CALL)
    calls.answer(CALL, None)

    assert calls.end(CALL, "ended", None, answered=False) is None
    assert calls.end(CALL, "declinedElsewhere", "phone-2", answered=False) is None
    assert calls.find(CALL) == replace(CALL, answered=True)

    named = calls.end(CALL, "answeredElsewhere", "phone-1", answered=True)
    assert named is not None
    assert (named.over, sorted(named.spared)) == ("answeredElsewhere", ["phone-1"])


def test_a_call_can_be_answered_and_over_before_its_push_has_come(calls: RingingCalls) -> None:
    early = replace(CALL, pushes={}, phones=frozenset())

    ended = calls.end(early, "ended", None, answered=False)
    assert ended == replace(early, over="ended")
    assert calls.register(CALL) == replace(CALL, over="ended")

    other = replace(early, id=ringing_id(NOW, "sid-2"))
    calls.answer(other, None)
    assert calls.find(other) == replace(other, answered=True)


def test_the_phones_whose_apps_know_a_cancel_are_kept_apart(calls: RingingCalls) -> None:
    assert calls.register(replace(CALL, knowing=frozenset({"phone-1"}))).knowing == {"phone-1"}
    assert calls.register(CALL).knowing == {"phone-1"}
