"""Uses every permission of the function that erases deleted users."""

import time
import uuid
from typing import Any

from local import demo
from switchboard.calls.context import CallContext
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.logs.uploads import FOLDERS
from switchboard.pushes.deliveries import DynamoDeliveries
from switchboard.pushes.missed_call import MissedCall
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.items import owner_key
from switchboard.subscribers.subscriber import (
    Contact,
    ContactGroup,
    Device,
    Status,
    Subscriber,
    TokenType,
)
from switchboard.timeline.event import Event, Kind
from tests.stack.conftest import Api, wait_until
from tests.stack.crashes import queue_held
from tests.stack.timeline_probes import begun, happened
from tests.traces import traces

ERASED = 20.0  # seconds: less than the stream needs after a step that fails


def erase_subscribers(api: Api) -> None:
    name, friend = f"gone{uuid.uuid4().hex[:9]}", f"left{uuid.uuid4().hex[:9]}"
    tables, dynamodb = api.stack.deployment.resources, _dynamodb(api)
    now = int(time.time() * 1000)
    subscribers = DynamoSubscribers(dynamodb, tables["SubscribersTable"])
    groups = (ContactGroup("Team", (Contact("Gone", name),)),)
    subscribers.put(Subscriber(demo.ACCOUNT, name, Status.INACTIVE, "v", name, 0, 0, generation=1))
    subscribers.put(Subscriber(demo.ACCOUNT, friend, Status.ACTIVE, "v", friend, 0, 0, contact_groups=groups))
    DynamoDevices(dynamodb, tables["SubscribersTable"]).register(demo.ACCOUNT, name, Device(name, TokenType.FCM, now))
    owner = owner_key(demo.ACCOUNT, uuid.uuid4().hex) | {"subscriber": {"S": name}}
    dynamodb.put_item(TableName=tables["SubscribersTable"], Item=owner)
    contexts = DynamoCallContexts(dynamodb, tables["CallContextsTable"])
    contexts.put(CallContext(demo.ACCOUNT, name, friend, "", now, now // 1000 + 600))
    contexts.put(CallContext(demo.ACCOUNT, friend, name, "", now, now // 1000 + 600))
    missed = MissedCall(demo.ACCOUNT, friend, name, uuid.uuid4().hex, now, uuid.uuid4().hex, now)
    deliveries = DynamoDeliveries(dynamodb, tables["DeliveriesTable"])
    deliveries.begin(missed, now_ms=now, lease_ms=1000, known_until_ms=now + 600_000)
    dialled = {"caller": name, "callee": friend}
    happened(api, Event(demo.ACCOUNT, uuid.uuid4().hex, Kind.DIAL_WHOM, now - 9_000, None, dialled), friend)
    used = ("SubscribersTable", "CallContextsTable", "DeliveriesTable", "CallsTable", "ErasuresTable")
    physical, clients = {table: tables[table] for table in used}, {"dynamodb": dynamodb, "s3": api.stack.aws.s3}
    with queue_held(api.stack, "UnpackLogsFunction"):  # else unpack_logs would be first with what is in uploads/
        for folder in FOLDERS:
            key = f"{folder}{demo.ACCOUNT}/{name}/android/20231114T221320Z-x.zip"
            api.stack.aws.s3.put_object(Bucket=tables["LogBucket"], Key=key, Body=b"-")
        begun(api, name)
        wait_until(lambda: traces(name, physical, clients, tables["LogBucket"]) == [], ERASED)


def _dynamodb(api: Api) -> Any:
    return api.stack.aws.session.client("dynamodb", endpoint_url=api.stack.aws.endpoint)
