"""One suite for our clients and for botocore's, over sockets: with the same calls come the same answers and errors."""

import io
import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.exceptions import ClientError as RefusedByBotocore

from switchboard.aws import clients as aws
from switchboard.aws.errors import AwsError, ClientError
from tests.deployment import REGION, Deployment, deployed
from tests.fakes.moto_server import MotoServer, serving
from tests.fakes.raw_server import Behaviour, RawServer, json_answer, raw_server, saying

TABLE = "CallContextsTable"
KEY = {"pk": {"S": "demo1m#alice"}}
FAULTS = (AwsError, BotoCoreError, RefusedByBotocore)
REFUSALS: Any = (ClientError, RefusedByBotocore)
type Make = Callable[[str], Any]


def of_botocore(service: str) -> Any:
    config = Config(connect_timeout=1, read_timeout=1, retries={"mode": "legacy", "total_max_attempts": 2})
    return boto3.Session(region_name=REGION).client(service, config=config)  # type: ignore[call-overload]


def of_ours(service: Any) -> Any:
    return aws.client(service, connect=1.0, read=1.0)


@pytest.fixture(params=[of_ours, of_botocore], ids=["ours", "botocore"])
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    with deployed() as deployment, serving(MotoServer()) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        yield deployment


def test_an_item_is_written_changed_found_and_deleted(make: Make, stack: Deployment) -> None:
    dynamodb = make("dynamodb")
    assert "Item" not in dynamodb.get_item(TableName=TABLE, Key=KEY)
    dynamodb.put_item(TableName=TABLE, Item={**KEY, "text": {"S": "äß日\U0001f600"}, "set": {"SS": ["a"]}})
    changed = dynamodb.update_item(
        TableName=TABLE,
        Key=KEY,
        UpdateExpression="SET n = :n ADD #set :b",
        ExpressionAttributeNames={"#set": "set"},
        ExpressionAttributeValues={":n": {"N": "7"}, ":b": {"SS": ["b"]}},
        ReturnValues="ALL_NEW",
    )["Attributes"]
    assert (changed["text"], changed["n"]) == ({"S": "äß日\U0001f600"}, {"N": "7"})
    assert sorted(changed["set"]["SS"]) == ["a", "b"]
    found = dynamodb.query(
        TableName=TABLE, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": KEY["pk"]}
    )
    assert (found["Count"], found["Items"][0]["n"]) == (1, {"N": "7"})
    assert "LastEvaluatedKey" not in found
    dynamodb.delete_item(TableName=TABLE, Key=KEY)
    assert "Item" not in dynamodb.get_item(TableName=TABLE, Key=KEY, ConsistentRead=True)


def test_batches_say_what_they_found_and_left(make: Make, stack: Deployment) -> None:
    dynamodb = make("dynamodb")
    items = [{"pk": {"S": f"demo1m#{number}"}} for number in range(3)]
    written = dynamodb.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": item}} for item in items]})
    assert written["UnprocessedItems"] == {}
    found = dynamodb.batch_get_item(RequestItems={TABLE: {"Keys": items}})
    assert sorted(found["Responses"][TABLE], key=str) == items
    assert found["UnprocessedKeys"] == {}


def test_a_condition_that_fails_is_an_error_of_its_own_with_the_item(make: Make, stack: Deployment) -> None:
    dynamodb = make("dynamodb")
    dynamodb.put_item(TableName=TABLE, Item=KEY)
    with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException) as refusal:
        dynamodb.put_item(
            TableName=TABLE,
            Item=KEY,
            ConditionExpression="attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert isinstance(refusal.value, REFUSALS)
    response: Any = refusal.value.response
    assert response["Item"] == KEY
    assert response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert refusal.value.operation_name == "PutItem"


def test_a_cancelled_transaction_gives_its_reasons(make: Make, stack: Deployment) -> None:
    dynamodb = make("dynamodb")
    writes = [
        {"Put": {"TableName": TABLE, "Item": KEY}},
        {"Update": {"TableName": TABLE, "Key": {"pk": {"S": "none"}}, "UpdateExpression": "SET a = pk"}},
    ]
    writes[1]["Update"]["ConditionExpression"] = "attribute_exists(pk)"
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as refusal:
        dynamodb.transact_write_items(TransactItems=writes)
    reasons = refusal.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]


def test_a_message_is_sent_with_its_attributes_and_delayed(make: Make, stack: Deployment) -> None:
    sqs, url = make("sqs"), stack.reference("PushQueue")
    attributes = {"reason": {"DataType": "String", "StringValue": "why"}}
    assert sqs.send_message(QueueUrl=url, MessageBody="äß", MessageAttributes=attributes)["MessageId"]
    (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert (message["Body"], message["MessageAttributes"]["reason"]["StringValue"]) == ("äß", "why")
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1


def test_a_queue_that_does_not_exist_has_sqss_older_code(make: Make, stack: Deployment) -> None:
    with pytest.raises(REFUSALS) as refusal:
        make("sqs").send_message(QueueUrl="http://127.0.0.1/123456789012/absent", MessageBody="b")
    assert refusal.value.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"


def test_a_secret_is_read_in_the_wanted_version(make: Make, stack: Deployment) -> None:
    stack.fill("PushSecret", {"version": 1})
    secrets, arn = make("secretsmanager"), stack.reference("PushSecret")
    assert json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"]) == {"version": 1}
    with pytest.raises(secrets.exceptions.ResourceNotFoundException):
        secrets.get_secret_value(SecretId=arn, VersionStage="AWSPREVIOUS")


KEYS = ["uploads/a/b.zip", "uploads/by hand+more.zip", "uploads/äß日/.././x=1&y?#"]


@pytest.mark.parametrize("key", KEYS)
def test_an_object_is_put_listed_read_copied_and_deleted(make: Make, stack: Deployment, key: str) -> None:
    s3, bucket = make("s3"), stack.reference("LogBucket")
    s3.put_object(Bucket=bucket, Key=key, Body=io.BytesIO(b"logs" * 50_000), ContentType="application/zip")
    (listed,) = s3.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1)["Contents"]
    assert (listed["Key"], listed["Size"]) == (key, 200_000)
    assert listed["LastModified"].tzinfo
    assert b"".join(s3.get_object(Bucket=bucket, Key=key)["Body"].iter_chunks(65_000)) == b"logs" * 50_000
    s3.copy_object(
        Bucket=bucket,
        Key=f"{key}.copy",
        CopySource={"Bucket": bucket, "Key": key},
        Metadata={"rejected": "not-a-zip"},
        ContentType="application/octet-stream",
        MetadataDirective="REPLACE",
        TaggingDirective="REPLACE",
    )
    copy = stack.client("s3").head_object(Bucket=bucket, Key=f"{key}.copy")
    assert (copy["Metadata"], copy["ContentType"]) == ({"rejected": "not-a-zip"}, "application/octet-stream")
    s3.delete_object(Bucket=bucket, Key=key)
    assert "Contents" not in stack.client("s3").list_objects_v2(Bucket=bucket, Prefix=key + "\0", MaxKeys=1)


def test_an_object_that_exists_is_not_written_where_that_was_asked(make: Make, stack: Deployment) -> None:
    s3, bucket = make("s3"), stack.reference("LogBucket")
    s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")
    with pytest.raises(REFUSALS) as refusal:
        s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*")
    assert refusal.value.response["Error"]["Code"] == "PreconditionFailed"
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"


def test_an_object_that_does_not_exist_is_a_refusal(make: Make, stack: Deployment) -> None:
    with pytest.raises(REFUSALS) as refusal:
        make("s3").get_object(Bucket=stack.reference("LogBucket"), Key="absent")
    assert refusal.value.response["Error"]["Code"] == "NoSuchKey"


# ---- answers that a server does not give on purpose

GOOD = saying(json_answer('{"MessageId": "1"}'))
BUSY = saying(json_answer('{"__type": "com.amazonaws#ThrottlingException"}', "400 Bad Request"))
BROKEN = saying(json_answer("<html>", "503 Service Unavailable"))
REFUSED = saying(json_answer('{"__type": "com.amazonaws#AccessDeniedException"}', "400 Bad Request"))
ENDED = saying(b"")
LONG = 1.5  # seconds; longer than the clients wait


def hanging(_peer: socket.socket, stop: threading.Event) -> None:
    """Say nothing until the client has left."""
    stop.wait(LONG)


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": REGION}.items():
        monkeypatch.setenv(name, value)
    aws.credentials.cache_clear()
    yield
    aws.credentials.cache_clear()


def sent(make: Make, server: RawServer, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    return make("sqs").send_message(QueueUrl="q", MessageBody="b")


@pytest.mark.parametrize("first", [BUSY, BROKEN, ENDED, hanging], ids=["busy", "503", "ended", "hanging"])
@pytest.mark.usefixtures("credentials")
def test_a_fault_that_passes_is_met_with_one_more_try(
    make: Make, first: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    with raw_server(first, GOOD) as server:
        assert sent(make, server, monkeypatch)["MessageId"] == "1"
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("fault", "tries"),
    [(BUSY, 2), (BROKEN, 2), (ENDED, 2), (hanging, 2), (REFUSED, 1)],
    ids=["busy", "503", "ended", "hanging", "refused"],
)
@pytest.mark.usefixtures("credentials")
def test_a_fault_that_stays_is_an_error(
    make: Make, fault: Behaviour, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with raw_server(fault) as server, pytest.raises(FAULTS):
        sent(make, server, monkeypatch)
    assert len(server.requests) == tries
