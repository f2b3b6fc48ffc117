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
