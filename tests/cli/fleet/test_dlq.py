"""`switchboard dlq`: dead letters are grouped, redriven and deleted."""

import json
import time

import pytest

from cli.dlq import messages
from cli.dlq.queues import dead_letter_queues
from cli.dlq.screen import age
from cli.errors import OperatorError
from switchboard.pushes.dead_letters import SqsDeadLetters
from switchboard.pushes.push import Push
from switchboard.pushes.queued_push import decode
from tests.cli.fleet.conftest import Fleet


def push(number: int) -> Push:
    return Push("demo1m", "bob", "secret.payload.jwt", "1", f"push-{number}", 1_700_000_000_000)


def fill(fleet: Fleet, reasons: list[str]) -> None:
    queue = SqsDeadLetters(fleet.client("sqs"), fleet.resources["PushDeadLetterQueue"])
    for number, reason in enumerate(reasons):
        queue.put(push(number), reason)


def waiting(fleet: Fleet, queue: str) -> list[dict[str, object]]:
    found = fleet.client("sqs").receive_message(
        QueueUrl=fleet.resources[queue],
        MaxNumberOfMessages=10,
        VisibilityTimeout=0,
        MessageAttributeNames=["All"],
    )
    return found.get("Messages", [])


def test_reasons_are_grouped_with_counts_ages_and_examples(fleet: Fleet) -> None:
    fill(fleet, ["THIRD_PARTY_AUTH_ERROR", "[red]INVALID", "THIRD_PARTY_AUTH_ERROR"])
    fleet.client("sqs").send_message(QueueUrl=fleet.resources["PushDeadLetterQueue"], MessageBody="a secret, no push")
    (found,) = fleet.json("dlq", "show", "--queue", "push")
    assert (found["messages"], found["returns_to"]) == (4, "PushQueue")
    first, *others = found["reasons"]
    assert (first["reason"], first["messages"]) == ("THIRD_PARTY_AUTH_ERROR", 2)
    assert 0 <= first["newest_age"] <= first["oldest_age"] < 60
    assert {"push_id": "push-0", "account": "demo1m", "subscriber": "bob"} in first["examples"]
    assert {one["reason"] for one in others} == {"[red]INVALID", messages.NO_REASON}

    shown = fleet.run("dlq", "show").output
    assert "…" not in shown
    assert "[red]INVALID" in shown
    assert "push-0 demo1m bob" in shown
    assert "timeline: empty" in shown
    assert "secret" not in shown + json.dumps(found)


def test_showing_dead_letters_removes_none(fleet: Fleet) -> None:
    fill(fleet, ["x"] * 25)
    for _ in range(2):
        assert fleet.json("dlq", "show", "--queue", "push")[0]["messages"] == 25
    assert fleet.json("dlq", "show", "--queue", "push", "--most", "10")[0]["messages"] == 10


def test_redriving_names_the_destination_and_moves_messages_unchanged(fleet: Fleet) -> None:
    fill(fleet, ["x"])
    said = fleet.run("dlq", "redrive", "--queue", "push", answer="y\n")
    assert said.exit_code == 0, said.output
    assert "Move about 1 messages from PushDeadLetterQueue to PushQueue" in said.stderr
    assert "1 messages moved from PushDeadLetterQueue to PushQueue" in said.stdout
    assert not waiting(fleet, "PushDeadLetterQueue")
    (moved,) = waiting(fleet, "PushQueue")
    assert decode(str(moved["Body"])) == push(0)
    assert "MessageAttributes" not in moved


def test_many_are_moved_and_counted(fleet: Fleet) -> None:
    fill(fleet, ["x"] * 32)
    (done,) = fleet.json("dlq", "redrive", "--yes")
    assert (done["destination"], done["moved"]) == ("PushQueue", 32)
    assert fleet.json("dlq", "redrive", "--yes") == []
    assert "are empty" in fleet.run("dlq", "redrive", "--yes").output


def test_a_message_that_fails_again_during_the_move_is_not_moved_again(fleet: Fleet) -> None:
    before = time.time() - 60
    fill(fleet, ["x"])
    (queue,) = dead_letter_queues(fleet.resources, "push")
    assert messages.move(fleet.client("sqs"), queue, before, lambda _: None) == 0
    assert len(waiting(fleet, "PushDeadLetterQueue")) == 1
    assert not waiting(fleet, "PushQueue")


def test_nothing_is_done_without_confirmation(fleet: Fleet) -> None:
    fill(fleet, ["x"])
    for command in ("redrive", "purge"):
        refused = fleet.run("dlq", command, answer="n\n")
        assert isinstance(refused.exception, OperatorError)
    assert len(waiting(fleet, "PushDeadLetterQueue")) == 1


def test_purging_deletes_the_messages(fleet: Fleet) -> None:
    fill(fleet, ["x", "y"])
    assert fleet.json("dlq", "purge", "--yes") == [{"queue": "push", "purged": 2}]
    assert not waiting(fleet, "PushDeadLetterQueue")
    assert not waiting(fleet, "PushQueue")


def test_a_queue_that_is_not_there_is_refused(fleet: Fleet) -> None:
    refused = fleet.run("dlq", "show", "--queue", "nosuch")
    assert "there is log-upload, push, timeline" in str(refused.exception)
    with pytest.raises(OperatorError, match="but no OldQueue"):
        dead_letter_queues({"OldDeadLetterQueue": "url"}, None)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("[]", {}),
        ('"text"', {}),
        ('[{"account": "demo1m", "call": "sid1", "kind": "dial-whom"}]', {"account": "demo1m", "call": "sid1"}),
    ],
)
def test_only_fields_that_identify_a_message_are_shown(body: str, shown: dict[str, str]) -> None:
    message = {"Body": body, "Attributes": {"SentTimestamp": "0"}}
    assert shown.items() <= messages._dead_letter(message).shown.items()  # type: ignore[arg-type]


def test_lambdas_notice_of_lost_stream_records_is_explained(fleet: Fleet) -> None:
    lost = {"requestContext": {"condition": "RetryAttemptsExhausted"}, "DDBStreamBatchInfo": {"batchSize": 1}}
    url = fleet.resources["TimelineDeadLetterQueue"]
    fleet.client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps(lost))
    (found,) = fleet.json("dlq", "show", "--queue", "timeline")
    assert [one["reason"] for one in found["reasons"]] == [messages.OF_STREAM]


def test_ages_are_shown_in_their_largest_unit() -> None:
    assert [age(seconds) for seconds in (-1, 90, 600, 8000, 300_000)] == ["0 s", "90 s", "10 min", "2 h", "3 d"]
