"""What a call's push says about the caller, and the call's id."""

import base64
import json
import uuid
from dataclasses import replace
from typing import Any

import pytest

from switchboard.pushes.invite import LONGEST_NAME, UNKNOWN, call_uuid, invite
from switchboard.pushes.push import Push
from tests.benches.deliver_push import PUSH, DeliveryBench
from tests.unit.pushes.test_phones import OTHER


def push(**claims: Any) -> Push:
    claimed = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return replace(PUSH, payload=f"e30.{claimed}.sig")


def stored(_account: str, name: str) -> str | None:
    return {"alice": "Alice A."}.get(name)


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"callerName": "Dr. Alice", "callerId": "alice"}, "Dr. Alice"),
        ({"callerName": "  ", "callerId": "alice"}, "Alice A."),
        ({"callerName": 5, "callerId": "sip:alice@host"}, "Alice A."),
        ({"callerId": "zoe"}, "zoe"),
        ({"callerId": "sip:+919812345678"}, "+919812345678"),
        ({"callerName": "a\nb\t c"}, "a b c"),
        ({"callerName": "x" * 500}, "x" * LONGEST_NAME),
        ({}, UNKNOWN),
    ],
)
def test_the_caller_has_a_name_always(claims: dict[str, Any], name: str) -> None:
    assert invite(push(**claims), stored).caller_name == name


def test_a_name_that_cannot_be_read_stops_no_ring() -> None:
    bench = DeliveryBench(OTHER)

    def broken(*_: str) -> None:
        raise ConnectionError

    bench.subscribers.display_name = broken  # type: ignore[assignment]
    assert bench.deliver(push(callerId="alice")).retry_after is None
    assert bench.gateway.sent == [OTHER.token]


def test_all_messages_about_one_call_have_the_same_uuid() -> None:
    one = push(sessionId="s-1", callerId="alice")
    found = uuid.UUID(call_uuid(one))

    assert found.version == 5
    assert str(found) == call_uuid(replace(one, payload=push(sessionId="s-1").payload, push_id="other"))
    others = [push(sessionId="s-2"), replace(one, account="x"), replace(one, subscriber_name="erin"), push()]
    assert len({call_uuid(other) for other in [one, *others]}) == 5
    assert call_uuid(push()) == call_uuid(replace(push(), push_id="sent-again"))
