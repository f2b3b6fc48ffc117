"""The events that a delivery writes to the call's timeline."""

import base64
import json

import pytest

from switchboard.pushes.events import events_of
from switchboard.pushes.payload import caller_in
from switchboard.pushes.push import Attempt, Delivery, Outcome, Push, Send
from switchboard.timeline.event import Kind

AT = 1_700_000_000_000


def payload(claims: object) -> str:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{middle}.sig"


PUSH = Push("demo1m", "dave", payload({"callerId": "sip:alice@host"}), "2", "push-1", AT)


@pytest.mark.parametrize("text", ["", "e30", "e30.x.sig", payload([]), payload({}), payload({"callerId": 7}), "a.💥.c"])
def test_a_payload_that_names_no_caller_names_none(text: str) -> None:
    assert caller_in(text) is None


def test_each_send_is_told_and_that_the_push_was_accepted_is_one_event_however_often_told() -> None:
    took = Send("a" * 64, "android", AT + 250, Delivery(Outcome.ACCEPTED, "200", latency_ms=250))
    refused = Send("b" * 64, None, AT + 300, Delivery(Outcome.RETRY, "503"))
    attempt = Attempt((took.delivery, refused.delivery), 2, (took, refused))
    accepted, first, second = events_of(PUSH, attempt, AT + 400)
    assert (accepted.kind, accepted.at, accepted.subscriber) == (Kind.PUSH_ACCEPTED, AT, "dave")
    assert accepted.details == {"push_id": "push-1", "push_key": PUSH.key[:12], "caller": "alice"}
    assert first.details == {
        "push_id": "push-1",
        "device": "a" * 12,
        "platform": "android",
        "outcome": "accepted",
        "reason": "200",
        "latency_ms": 250,
    }
    assert (second.at, second.details["outcome"]) == (AT + 300, "retry")
    assert next(events_of(PUSH, Attempt((Delivery(Outcome.BUSY),)), AT + 900)).key == accepted.key


@pytest.mark.parametrize("outcome", [Outcome.STALE, Outcome.NO_DEVICE, Outcome.REPEATED, Outcome.TOO_LATE])
def test_how_a_push_ended_without_a_send_is_told(outcome: Outcome) -> None:
    _, ended = events_of(PUSH, Attempt((Delivery(outcome),)), AT + 400)
    assert (ended.kind, ended.at, ended.details["outcome"]) == (Kind.PUSH_ENDED, AT + 400, outcome)


def test_what_kept_a_push_from_being_sent_until_it_was_too_late_is_told() -> None:
    _, ended = events_of(PUSH, Attempt((Delivery(Outcome.TOO_LATE, "ReadTimeoutError"),)), AT + 30_000)
    assert ended.details["reason"] == "ReadTimeoutError"
