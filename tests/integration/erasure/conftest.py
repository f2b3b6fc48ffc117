"""A deployment in moto with a user, zoe7, who has left traces everywhere; the test acts as the stream of Erasures."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from switchboard.aws import clients as aws
from switchboard.calls.context import Asked, CallContext
from switchboard.erasure.erasures_dynamodb import DynamoErasures, new_key
from switchboard.pushes.deliveries import DynamoDeliveries
from switchboard.pushes.push import Push
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.subscriber import Contact, ContactGroup, Device, Status, Subscriber, TokenType
from switchboard.timeline.event import Event, Kind
from tests.deployment import deployed
from tests.integration.timeline.conftest import TimelineStack
from tests.sam_template import resources
from tests.timeline_events import ACCOUNT, dialled, event, passthru, pushed
from tests.traces import traces

ZOE = "zoe7"
TABLES = {name: name for name in resources("AWS::DynamoDB::Table")}


class ErasureStack(TimelineStack):
    """The functions behind calls, and the one that erases."""

    def __init__(self, deployment: Any) -> None:
        super().__init__(deployment)
        self.eraser = deployment.function("EraseSubscribersFunction")
        self.function = deployment.function("RecordCallFunction")
        dynamodb = aws.client("dynamodb")
        self.subscribers = DynamoSubscribers(dynamodb, "SubscribersTable")
        self.devices = DynamoDevices(dynamodb, "SubscribersTable")
        self.erasures = DynamoErasures(dynamodb, "ErasuresTable", time.time, new_key)
        self.deliveries = DynamoDeliveries(dynamodb, "DeliveriesTable")

    def user(self, name: str, *contacts: str, generation: int = 1) -> Subscriber:
        groups = (ContactGroup("Team", tuple(Contact(one.title(), one) for one in contacts)),) if contacts else None
        made = Subscriber(ACCOUNT, name, Status.ACTIVE, "v1", name, 0, 0, contact_groups=groups, generation=generation)
        self.subscribers.put(made)
        return made

    def delete(self, name: str, *, keeps: bool = False) -> str:
        """Delete a user as the customer's server does, but for Exotel."""
        known = self.subscribers.find(ACCOUNT, name)
        assert known is not None
        erasure = self.erasures.begin(ACCOUNT, name, known.generation, keeps=keeps)
        self.subscribers.delete(ACCOUNT, name, known.generation)
        return erasure

    def step(self, pk: str = "sweep") -> None:
        """Act as the stream, which brings a record of an item with that partition key."""
        self.eraser.handler({"Records": [{"dynamodb": {"Keys": {"pk": {"S": pk}, "sk": {"S": "-"}}}}]}, None)

    def erase(self) -> int:
        """Have the erasures that wait done; return the number of steps."""
        self.step("waiting")
        for steps in range(1, 1000):
            self.step()
            if self.eraser.build().sweeps.current() is None and not self.eraser.build().sweeps.waiting():
                return steps
        raise AssertionError("it does not end")

    def tell(self, *events: Event) -> None:
        """Have events recorded, and the histories follow them."""
        assert self.record(list(events)) == []
        assert self.follow() == []

    def traces(self, name: str = ZOE) -> list[str]:
        clients = {service: self.deployment.client(service) for service in ("dynamodb", "s3")}
        return traces(name, TABLES, clients, self.deployment.reference("LogBucket"))

    def history(self, name: str, since: int = 0) -> list[dict[str, Any]]:
        return [dict(call) for call in self.timelines.calls_of(ACCOUNT, name, 50, since=since).calls]

    def call(self, sid: str, at: int, caller: str, callee: str) -> list[Event]:
        """Have a call recorded as it is in life, with what both apps tell of it; return its events."""
        push, session = f"push-{sid}", f"session-{sid}"
        self.recorder.answer(sid, at, caller, callee)
        told = [
            dialled(sid, at, caller, callee),
            pushed(push, at + 200, caller, callee),
            event(push, Kind.PUSH_SENT, at + 300, callee, push_id=push, device="d", outcome="accepted"),
            event(push, Kind.PUSH_ACKNOWLEDGED, at + 900, callee, push_id=push, session_id=session),
            event(session, Kind.SDK_CDR, at + 9_000, callee, state="answered", remote_id=f"sip:{caller}"),
            event(sid, Kind.FEEDBACK, at + 9_500, caller, rating=4, comment=f"{callee} was loud"),
            passthru(sid, at + 8_000, "completed", "completed", 5),
        ]
        self.tell(*told)
        return told


@pytest.fixture
def stack() -> Iterator[ErasureStack]:
    with deployed() as deployment:
        yield ErasureStack(deployment)


@pytest.fixture
def lived(stack: ErasureStack) -> ErasureStack:
    """Zoe has lived: with devices, contexts of and about her, calls as either party, logs, and in others' contacts."""
    now = int(time.time() * 1000)
    stack.user(ZOE, "amy")
    stack.user("amy", ZOE, "bob")
    stack.user("bob", f"sip:{ZOE}")
    stack.devices.register(ACCOUNT, ZOE, Device("a-token", TokenType.FCM, now))
    stack.call("sid-1", now - 60_000, "amy", ZOE)
    stack.call("sid-2", now - 50_000, ZOE, "amy")
    stack.call("sid-3", now - 40_000, "amy", "bob")
    stack.tell(event(f"app:{ZOE}", Kind.SDK_ERROR, now, ZOE, type="CONGESTION_ERROR", message="no network"))
    stack.tell(event("stray-session", Kind.SDK_CALLBACK, now, ZOE, name="onCallRinging"))
    stack.contexts.put(CallContext(ACCOUNT, ZOE, "amy", "hello", now, now // 1000 + 60, "Zoe"))
    stack.contexts.put(CallContext(ACCOUNT, "bob", ZOE, "for her", now, now // 1000 + 60, "Bob"))
    stack.contexts.claim(ACCOUNT, "bob", "sid-9", Asked(now, 0, "context"))
    push = Push(ACCOUNT, ZOE, "a.b.c", "1", "push-9", now)
    stack.deliveries.begin(push, now_ms=now, lease_ms=1000, known_until_ms=now + 30_000)
    s3, bucket = stack.deployment.client("s3"), stack.deployment.reference("LogBucket")
    for folder in ("uploads", "logs", "rejected", "taken"):
        for number in range(12):
            key = f"{folder}/{ACCOUNT}/{ZOE}/android/20231114T221320Z-{number:02d}.zip"
            s3.put_object(Bucket=bucket, Key=key, Body=b"-")
    return stack
