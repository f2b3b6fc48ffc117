"""What every implementation of ports.pushes.Deliveries does: the fake, and DynamoDB in moto."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

import pytest

from local.calls.call_data import call_data
from switchboard.aws.errors import ConnectionClosedError
from switchboard.pushes.deliveries import DynamoDeliveries
from switchboard.pushes.ports import AcceptedPushes, Deliveries
from switchboard.pushes.push import AcceptedPush, Push
from tests.fakes.aws_calls import after_each_try
from tests.fakes.moto_wire import moto_client
from tests.fakes.push import FakeDeliveries
from tests.tables import create_tables

NOW = 1_700_000_000_000
RING = 30_000
LEASE = 10_000
PUSH = Push("demo1m", "dave", "e30.e30.sig", "2", "push-1", NOW)


class DeliveriesAndAccepted(Deliveries, AcceptedPushes, Protocol):
    """Both ports, which one adapter implements."""


@pytest.fixture(params=["fake", "dynamodb"])
def deliveries(request: pytest.FixtureRequest) -> Iterator[DeliveriesAndAccepted]:
    if request.param == "fake":
        yield FakeDeliveries()
        return
    with moto_client("dynamodb") as client:
        create_tables(client)
        yield DynamoDeliveries(client, "DeliveriesTable")


def begin(deliveries: Deliveries, push: Push = PUSH, now_ms: int = NOW) -> set[str] | None:
    lease = deliveries.begin(push, now_ms=now_ms, lease_ms=LEASE, known_until_ms=push.accepted_at + RING)
    return None if lease is None else set(lease.settled)


def test_a_new_push_is_settled_for_no_device(deliveries: Deliveries) -> None:
    assert begin(deliveries) == set()


def test_a_phones_tokens_are_settled_in_one_write(deliveries: Deliveries) -> None:
    begin(deliveries)
    deliveries.mark(PUSH, "voip", "fcm")
    deliveries.end(PUSH)

    assert begin(deliveries) == {"voip", "fcm"}


def test_only_one_at_a_time_holds_the_lease(deliveries: Deliveries) -> None:
    begin(deliveries)

    assert begin(deliveries) is None
    assert begin(deliveries, replace(PUSH, push_id="push-2", accepted_at=NOW + 5)) is None


def test_a_lease_that_was_given_back_can_be_taken(deliveries: Deliveries) -> None:
    begin(deliveries)
    deliveries.end(PUSH)

    assert begin(deliveries) == set()


def test_a_lease_ends_by_itself(deliveries: Deliveries) -> None:
    begin(deliveries)

    assert begin(deliveries, now_ms=NOW + LEASE - 1) is None
    assert begin(deliveries, now_ms=NOW + LEASE) == set()


def test_what_is_settled_stays_so_for_the_same_push_under_another_id(deliveries: Deliveries) -> None:
    begin(deliveries)
    deliveries.mark(PUSH, "one")
    deliveries.mark(PUSH, "two")
    deliveries.mark(PUSH, "two")
    deliveries.end(PUSH)

    assert begin(deliveries, replace(PUSH, push_id="push-2", accepted_at=NOW + RING - 1)) == {"one", "two"}


def test_the_last_mark_gives_the_lease_back(deliveries: Deliveries) -> None:
    begin(deliveries)
    deliveries.mark(PUSH, "one")
    assert begin(deliveries) is None

    deliveries.mark(PUSH, "two", last=True)

    assert begin(deliveries) == {"one", "two"}


def test_the_same_payload_after_the_ring_time_is_a_new_push(deliveries: Deliveries) -> None:
    later = replace(PUSH, accepted_at=NOW + RING)
    begin(deliveries)
    deliveries.mark(PUSH, "one")
    deliveries.end(PUSH)

    assert begin(deliveries, later, NOW + RING) == set()


def test_a_new_push_waits_while_another_invocation_holds_the_lease(deliveries: Deliveries) -> None:
    later = replace(PUSH, accepted_at=NOW + RING)
    begin(deliveries, now_ms=NOW + RING - 1)

    assert begin(deliveries, later, NOW + RING) is None


def test_other_pushes_are_not_touched(deliveries: Deliveries) -> None:
    begin(deliveries)
    deliveries.mark(PUSH, "one")

    for other in (
        replace(PUSH, account="other1m"),
        replace(PUSH, subscriber_name="bob"),
        replace(PUSH, payload="e.e.e"),
    ):
        assert begin(deliveries, other) == set()


ACCEPTED = Push("demo1m", "dave", call_data("alice"), "2", "", NOW)
ACCEPTED = replace(ACCEPTED, push_id=f"{ACCEPTED.key}0a1b2c3d")
AT = NOW // 1000 + 1


def test_an_accepted_push_is_found_by_its_id_with_its_caller(deliveries: DeliveriesAndAccepted) -> None:
    begin(deliveries, ACCEPTED)
    assert deliveries.find("demo1m", "dave", ACCEPTED.push_id, AT) is None  # no device has it yet

    deliveries.mark(ACCEPTED, "one", last=True)

    assert deliveries.find("demo1m", "dave", ACCEPTED.push_id, AT) == AcceptedPush("alice", NOW, frozenset({"one"}))


def test_a_push_that_was_given_up_for_a_device_is_settled_and_not_accepted(deliveries: DeliveriesAndAccepted) -> None:
    begin(deliveries, ACCEPTED)
    deliveries.mark(ACCEPTED, "one", accepted=False)
    deliveries.end(ACCEPTED)

    assert deliveries.find("demo1m", "dave", ACCEPTED.push_id, AT) is None
    assert begin(deliveries, ACCEPTED) == {"one"}


def test_a_push_is_found_for_its_receiver_under_ids_that_it_had_and_until_a_minute_after_the_ringing(
    deliveries: DeliveriesAndAccepted,
) -> None:
    again = replace(ACCEPTED, push_id=f"{ACCEPTED.key}ffffffff", accepted_at=NOW + 5)
    for push in (ACCEPTED, again):
        begin(deliveries, push)
        deliveries.mark(push, "one", last=True)

    assert deliveries.find("demo1m", "dave", again.push_id, AT) == AcceptedPush("alice", NOW, frozenset({"one"}))
    assert deliveries.find("demo1m", "bob", ACCEPTED.push_id, AT) is None
    assert deliveries.find("other1m", "dave", ACCEPTED.push_id, AT) is None
    assert deliveries.find("demo1m", "dave", f"{ACCEPTED.key}00000000", AT) is None
    assert deliveries.find("demo1m", "dave", "push-1", AT) is None
    assert deliveries.find("demo1m", "dave", ACCEPTED.push_id, (NOW + RING) // 1000 + 59) is not None
    assert deliveries.find("demo1m", "dave", ACCEPTED.push_id, (NOW + RING) // 1000 + 60) is None


def test_the_same_payload_after_the_ring_time_is_found_under_its_new_id_only(deliveries: DeliveriesAndAccepted) -> None:
    later = replace(ACCEPTED, push_id=f"{ACCEPTED.key}ffffffff", accepted_at=NOW + RING)
    begin(deliveries, ACCEPTED)
    deliveries.mark(ACCEPTED, "one", last=True)
    begin(deliveries, later, NOW + RING)
    assert deliveries.find("demo1m", "dave", later.push_id, AT) is None

    deliveries.mark(later, "one", last=True)

    assert deliveries.find("demo1m", "dave", later.push_id, AT) == AcceptedPush("alice", NOW + RING, frozenset({"one"}))
    assert deliveries.find("demo1m", "dave", ACCEPTED.push_id, AT) is None


def test_dynamodb_keeps_no_token_and_lets_the_item_expire() -> None:
    with moto_client("dynamodb") as client:
        create_tables(client)
        begin(DynamoDeliveries(client, "DeliveriesTable"))
        (item,) = client.scan(TableName="DeliveriesTable")["Items"]

    assert item["sk"] == {"S": f"push#{PUSH.key}"}
    assert item["pk"]["S"].startswith("demo1m#")
    assert "dave" not in str(item)  # a push may come after its callee was deleted
    assert int(item["expires_at"]["N"]) > (NOW + 2 * RING) / 1000
    assert PUSH.payload not in str(item)


def test_an_answer_that_got_lost_leaves_the_lease_with_who_asked() -> None:
    lost: list[bool] = []

    def lose_once() -> None:
        if not lost:
            lost.append(True)
            raise ConnectionClosedError

    with moto_client("dynamodb") as client:
        create_tables(client)
        after_each_try(client, lose_once)
        deliveries = DynamoDeliveries(client, "DeliveriesTable")

        assert begin(deliveries) == set()
        assert begin(deliveries) is None
    assert lost


def test_whoever_took_a_push_before_its_call_was_over_is_told_and_who_takes_it_later_learns_it(
    deliveries: DeliveriesAndAccepted,
) -> None:
    begin(deliveries, ACCEPTED)
    assert not deliveries.mark(ACCEPTED, "one", "other token of one")
    deliveries.mark(ACCEPTED, "refused", accepted=False)

    assert set(deliveries.stop("demo1m", "dave", ACCEPTED.push_id)) == {"one"}
    assert deliveries.mark(ACCEPTED, "two", last=True)
    assert set(deliveries.stop("demo1m", "dave", ACCEPTED.push_id)) == {"one", "two"}

    lease = deliveries.begin(ACCEPTED, now_ms=NOW, lease_ms=LEASE, known_until_ms=NOW + RING)
    assert lease is not None
    assert lease.over
    assert set(lease.settled) == {"one", "other token of one", "refused", "two"}


def test_a_push_of_which_nothing_is_stored_is_nowhere_to_stop(deliveries: DeliveriesAndAccepted) -> None:
    begin(deliveries, ACCEPTED)

    assert not deliveries.stop("demo1m", "bob", ACCEPTED.push_id)
    assert not deliveries.stop("demo1m", "dave", "f" * 40)
    assert begin(deliveries, replace(ACCEPTED, subscriber_name="bob")) == set()


def test_the_same_payload_after_the_ring_time_is_a_call_that_is_not_over(deliveries: DeliveriesAndAccepted) -> None:
    later = replace(ACCEPTED, accepted_at=NOW + RING)
    begin(deliveries, ACCEPTED)
    deliveries.stop("demo1m", "dave", ACCEPTED.push_id)
    deliveries.end(ACCEPTED)

    lease = deliveries.begin(later, now_ms=NOW + RING, lease_ms=LEASE, known_until_ms=NOW + 2 * RING)

    assert lease is not None
    assert not lease.over
