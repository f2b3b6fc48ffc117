"""Creates the data that the events need, through the built functions where they can do it."""

import io
import json
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import batched
from typing import Any

import boto3

from benchmarks.surroundings.events import CALL_SID, Event, as_of, caller, events_of, numbered, recorded, upload_key
from benchmarks.surroundings.stub.resources import REGION
from benchmarks.surroundings.world import World
from local import demo

CALLEE = "bob"  # with one phone
FAMILY = "dave"  # with MANY phones
MANY = 10
BATCH = 40  # records of a stream
APART_MS = 600_000  # between two calls: nobody calls at once


def seeded(world: World, events: int) -> World:
    """Make a world in which so many events of each function succeed; return it with alice's session."""
    with world.aws.original() as url:
        people = [as_of(recorded("manage_subscribers"), name) for name in ("alice", CALLEE, FAMILY)]
        world.handled(url, "ManageSubscribersFunction", people)
        sessions = _sessions(world, url, ("alice", CALLEE, FAMILY))
        for name, phones in ((CALLEE, 1), (FAMILY, MANY)):
            world.handled(url, "ManageDevicesFunction", list(_registrations(name, phones, sessions[name])))
        world.handled(url, "CallContextFunction", events_of("CallContextFunction", 1, sessions["alice"]))
        world.handled(url, "RecordCallFunction", [_calls(range(events))])
        world.handled(url, "RecordCallFunction", list(_told(world, url)))
        _copy_contexts(world, url, events)
        _upload(world, url, events)
    return replace(world, session=sessions["alice"])


def _sessions(world: World, url: str, names: Iterable[str]) -> dict[str, str]:
    logins = [as_of(recorded("vend_token"), name) for name in names]
    answers = world.handled(url, "VendTokenFunction", logins)
    return {name: json.loads(answer["body"])["session_token"] for name, answer in zip(names, answers, strict=True)}


def _registrations(name: str, phones: int, session: str) -> Iterable[Event]:
    for number in range(phones):
        [event] = events_of("ManageDevicesFunction", 1, session)
        phone = {"deviceToken": f"{name}:{number:0140}", "deviceId": f"{number:015x}", "platform": "android"}
        yield as_of(event, name) | {"body": json.dumps(phone)}


def _calls(numbers: Iterable[int]) -> Event:
    """An event that tells of calls that alice makes from now on, which she may then rate."""
    [record] = recorded("record_call")["Records"]
    now = int(time.time() * 1000)  # calls before she was a user are not hers
    said = {"caller": "alice", "callee": CALLEE, "route": "context", "waited_ms": 0}
    event = json.loads(record["body"])[0] | {"kind": "dial-whom", "details": said}
    del event["subscriber"]
    events = [event | {"call": numbered(CALL_SID, number), "at": now + number * APART_MS} for number in numbers]
    return {"Records": [record | {"body": json.dumps(events)}]}


def _told(world: World, url: str) -> Iterator[Event]:
    """Events of the stream of Calls, which tell of these calls, so that alice may list them.

    Each is done within RecordCall's time, on a busy machine too.
    """
    dynamodb, table = client(world, url, "dynamodb"), world.aws.references["CallsTable"]
    images = dynamodb.get_paginator("scan").paginate(TableName=table).build_full_result()["Items"]
    changes = [
        {"Keys": {name: image[name] for name in ("pk", "sk")}, "SequenceNumber": str(number), "NewImage": image}
        for number, image in enumerate(images)
    ]
    for some in batched(changes, BATCH, strict=False):
        yield {"Records": [{"eventSource": "aws:dynamodb", "dynamodb": change} for change in some]}


def client(world: World, url: str, service: str) -> Any:  # noqa: ANN401 boto3's clients are made at run time
    """Return a client of AWS at `url`."""
    keys = {"aws_access_key_id": "benchmark", "aws_secret_access_key": "benchmark"}
    return boto3.client(  # type: ignore[call-overload]
        service, region_name=REGION, endpoint_url=url, verify=str(world.aws.root_certificate), **keys
    )


def _copy_contexts(world: World, url: str, count: int) -> None:
    """Give each of so many callers a context like alice's."""
    dynamodb, table = client(world, url, "dynamodb"), world.aws.references["CallContextsTable"]
    context = dynamodb.get_item(TableName=table, Key={"pk": {"S": f"{demo.ACCOUNT}#alice"}})["Item"]
    for number in range(count):
        dynamodb.put_item(TableName=table, Item=context | {"pk": {"S": f"{demo.ACCOUNT}#{caller(number)}"}})


def _upload(world: World, url: str, count: int) -> None:
    """Put a phone's zip of logs where each event of unpack_logs finds one."""
    s3, bucket = client(world, url, "s3"), world.aws.references["LogBucket"]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("voice-sdk.log", "2023-11-14 22:13:20 DEBUG registered\n" * 500)
    for event in events_of("UnpackLogsFunction", count):
        s3.put_object(Bucket=bucket, Key=upload_key(event), Body=written.getvalue())
