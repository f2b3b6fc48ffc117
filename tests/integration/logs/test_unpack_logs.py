"""UnpackLogsFunction on moto: the objects in the bucket after an upload, and the events in the queue."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from switchboard.aws.errors import ClientError
from switchboard.erasure.erasures_dynamodb import DynamoErasures, new_key
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.subscriber import Status, Subscriber
from switchboard.timeline.event import Event, Kind, of_app
from tests.benches.record_call import on_dynamodb
from tests.deployment import deployed
from tests.events import recorded
from tests.fakes.aws_calls import before_each
from tests.integration.logs.upload_bucket import KEPT, KEY, REJECTED, Bucket
from tests.zips import LOGS, bomb, by_hand, enveloped, unzipped, zipped

MEGABYTE = 1024 * 1024


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with deployed(LogUploadMaxMegabytes="1") as stack:
        yield Bucket(stack)


@pytest.mark.parametrize("sent", [zipped(), enveloped(zipped())], ids=["ios", "android"])
def test_an_upload_by_either_apps_method_ends_as_a_zip_that_opens(bucket: Bucket, sent: bytes) -> None:
    bucket.upload(sent)
    assert bucket.keys() == [KEPT]
    assert unzipped(bucket.read(KEPT)) == LOGS
    (event,) = bucket.told()
    listing = ", ".join(f"{name} ({len(content)})" for name, content in LOGS.items())
    details = {"object": KEPT, "bytes": len(sent), "entries": 2, "listing": listing}
    assert (event["kind"], event["account"], event["subscriber"]) == ("logs-uploaded", "demo1m", "alice")
    assert (event["call"], event["details"]) == (of_app("alice"), details)


BAD = {
    "a bomb that would expand to a gigabyte": (lambda: bomb(1), "expands-too-far"),
    "a text file": (lambda: b"not a zip at all\n" * 100, "not-a-zip"),
    "a text file in an envelope": (lambda: enveloped(b"not a zip at all\n" * 100), "not-a-zip"),
    "a traversal name": (lambda: enveloped(by_hand(b"../../etc/cron.d/logs")), "unsafe-name"),
    "a zip cut short": (lambda: zipped()[:-30], "truncated"),
    "an envelope cut short": (lambda: enveloped(zipped())[:-30], "truncated"),
    "an encrypted zip": (lambda: by_hand(flags=1), "encrypted"),
    "nothing": (lambda: b"", "empty"),
    "an empty envelope": (lambda: enveloped(b""), "empty"),
}
TOO_LARGE = {
    "by a byte": lambda: b"PK\3\4" + b"\0" * (MEGABYTE - 3),
    "by far": lambda: b"PK\3\4" + b"\0" * 2 * MEGABYTE,
    "for it would expand to 10 GB": bomb,
}


@pytest.mark.parametrize(("made", "fault"), BAD.values(), ids=list(BAD))
def test_an_unsafe_upload_is_rejected_with_the_reason(bucket: Bucket, made: Any, fault: str) -> None:
    content = made()
    bucket.upload(content)
    assert bucket.keys() == [REJECTED]
    assert bucket.read(REJECTED) == content
    assert bucket.s3.head_object(Bucket=bucket.name, Key=REJECTED)["Metadata"] == {"rejected": fault}
    (event,) = bucket.told()
    assert event["details"] == {"object": REJECTED, "bytes": len(content), "rejected": fault}


@pytest.mark.parametrize("made", TOO_LARGE.values(), ids=list(TOO_LARGE))
def test_an_oversized_upload_is_deleted_and_reported(bucket: Bucket, made: Callable[[], bytes]) -> None:
    content = made()
    bucket.upload(content)
    assert bucket.keys() == []
    (event,) = bucket.told()
    assert event["details"] == {"bytes": len(content), "rejected": "too-large"}


def test_a_zip_bomb_of_allowed_size_is_refused_by_its_declared_size() -> None:
    with deployed() as stack:  # 50 MB
        bucket = Bucket(stack)
        bucket.upload(enveloped(bomb()))
        assert bucket.s3.head_object(Bucket=bucket.name, Key=REJECTED)["Metadata"] == {"rejected": "expands-too-far"}


def test_the_outcome_of_each_upload_is_counted(bucket: Bucket, capsys: pytest.CaptureFixture[str]) -> None:
    bucket.upload(zipped())
    bucket.upload(b"not a zip at all\n" * 100, KEY.replace("0f3c", "0f3d"))
    written = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "UploadOutcome" in line]
    assert [(line["outcome"], line["UploadOutcome"]) for line in written] == [("unpacked", [1]), ("not-a-zip", [1])]


def test_an_event_that_comes_twice_does_its_work_once(bucket: Bucket) -> None:
    bucket.upload(zipped())
    bucket.tell()
    assert bucket.keys() == [KEPT]
    assert len(bucket.told()) == 1


def test_a_retry_after_a_failure_completes_the_work_and_writes_the_same_event(bucket: Bucket) -> None:
    denied: list[str] = []

    def fail_once(*_: object) -> None:
        if not denied:
            denied.append("DeleteObject")
            raise ClientError({"Error": {"Code": "SlowDown"}}, "DeleteObject")

    before_each(bucket.app.build().uploads._client, fail_once, "DeleteObject")
    with pytest.raises(ClientError):
        bucket.upload(zipped())
    assert bucket.keys() == [KEPT, KEY]
    bucket.tell()
    assert bucket.keys() == [KEPT]
    (once,) = bucket.told()  # told twice, and stored once
    assert once["kind"] == "logs-uploaded"


def called(bucket: Bucket, **minutes: int) -> None:
    """Let alice have had calls, so many minutes from now."""
    recorder = on_dynamodb(client=bucket.stack.client("dynamodb"))
    for call, minute in minutes.items():
        at = int(time.time() + minute * 60) * 1000
        recorder.add([Event("demo1m", call, Kind.DIAL_WHOM, at, None, {"caller": "alice", "callee": "bob"})])


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        ({"old": -120, "new": -30, "later": 1}, "new"),
        ({"old": -61, "later": 1}, of_app("alice")),
        ({"later": 1}, of_app("alice")),
    ],
)
def test_the_event_goes_to_the_subscribers_newest_call_of_the_hour(
    bucket: Bucket, calls: dict[str, int], told: str
) -> None:
    called(bucket, **calls)
    bucket.upload(zipped())
    assert [event["call"] for event in bucket.told()] == [told]


def test_an_unknown_key_is_unpacked_without_an_event(bucket: Bucket) -> None:
    bucket.upload(zipped(), "uploads/by hand+more.zip")
    assert bucket.keys() == ["logs/by hand+more.zip"]
    assert bucket.told() == []


def test_the_test_message_that_s3_sends_first_is_ignored(bucket: Bucket) -> None:
    event = recorded("unpack_logs")
    event["Records"][0]["body"] = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})
    bucket.app.handler(event, None)
    assert bucket.keys() == []


@pytest.mark.parametrize(("made", "kept"), [("2023", False), ("2099", True)])
def test_an_upload_of_a_user_who_was_deleted_since_goes_and_the_next_users_is_kept(
    bucket: Bucket, made: str, kept: bool
) -> None:
    dynamodb = bucket.stack.client("dynamodb")
    DynamoErasures(dynamodb, "ErasuresTable", time.time, new_key).begin("demo1m", "alice", 1, keeps=False)
    born = int(time.time() * 1000)
    again = Subscriber("demo1m", "alice", Status.ACTIVE, "v1", "Alice", 0, 0, generation=born)
    DynamoSubscribers(dynamodb, "SubscribersTable").put(again)
    key = KEY.replace("2023", made)
    bucket.upload(zipped(), key)
    assert bucket.keys() == ([key.replace("uploads/", "logs/")] if kept else [])
