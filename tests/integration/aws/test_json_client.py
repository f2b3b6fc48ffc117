"""What our client does that botocore does not: it tells unreadable answers from good ones, and bounds whole answers."""

import json
import time
import zlib
from typing import Any

import pytest

from switchboard.aws.connections import Connections
from switchboard.aws.credentials import CredentialSource
from switchboard.aws.errors import AwsError, ConnectionClosedError, ReadTimeoutError, UnreadableAnswerError
from switchboard.aws.json_client import JsonClient
from switchboard.aws.signing import Scope
from tests.fakes.raw_server import RawServer, dripping, json_answer, raw_server, saying
from tests.patience import in_time

BODY = '{"Item": {"pk": {"S": "a"}}}'


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "the-token")


def client(url: str, service: str = "dynamodb") -> Any:
    connections = Connections(url, connect=0.5, read=0.5)
    return JsonClient(connections, CredentialSource(), Scope("ap-south-1", service))


def answer(body: bytes, headers: str = "", status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def head_of(server: RawServer) -> str:
    return server.requests[0].partition(b"\r\n\r\n")[0].decode()


def test_a_request_is_what_aws_expects() -> None:
    with raw_server(saying(json_answer(BODY))) as server:
        client(server.url).get_item(TableName="t", Key={"pk": {"S": "ä"}})
    head, body = head_of(server).lower(), server.requests[0].partition(b"\r\n\r\n")[2]
    assert json.loads(body) == {"TableName": "t", "Key": {"pk": {"S": "ä"}}}
    for line in (
        "post / http/1.1",
        f"host: {server.url.removeprefix('http://')}",
        "content-type: application/x-amz-json-1.0",
        "x-amz-target: dynamodb_20120810.getitem",
        "x-amz-security-token: the-token",
        f"content-length: {len(body)}",
    ):
        assert line in head
    assert "signedheaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target" in head


def test_both_tries_of_a_transaction_bear_one_token_so_that_the_second_is_no_other() -> None:
    with raw_server(saying(b""), saying(json_answer("{}"))) as server:
        client(server.url).transact_write_items(TransactItems=[])
    first, second = (json.loads(request.partition(b"\r\n\r\n")[2]) for request in server.requests)
    assert first == second
    assert len(first["ClientRequestToken"]) == 32


@pytest.mark.parametrize(
    "unreadable",
    [
        answer(b"\x00\xff no answer"),
        answer(b"<html>"),
        answer(b""),
        answer(b"[]"),
        answer(b'{"cut": "of'),
        answer(BODY.encode(), "x-amz-crc32: 1\r\n"),
        answer(b"[" * 100_000),
    ],
    ids=["bytes", "html", "empty", "a list", "cut", "another checksum", "deep"],
)
def test_a_success_that_cannot_be_read_is_no_success(unreadable: bytes) -> None:
    with raw_server(saying(unreadable)) as server, pytest.raises(UnreadableAnswerError):
        client(server.url).get_item(TableName="t", Key={})
    assert len(server.requests) == 2


def test_the_checksum_that_dynamodb_sends_is_compared() -> None:
    good = answer(BODY.encode(), f"x-amz-crc32: {zlib.crc32(BODY.encode())}\r\n")
    with raw_server(saying(good)) as server:
        assert client(server.url).get_item(TableName="t", Key={}) == json.loads(BODY)


def test_an_operation_without_an_answer_may_answer_nothing() -> None:
    with raw_server(saying(answer(b""))) as server:
        assert client(server.url, "sqs").change_message_visibility(QueueUrl="q") == {}
        with pytest.raises(UnreadableAnswerError):
            client(server.url, "sqs").send_message(QueueUrl="q")


@pytest.mark.parametrize("begin", [b"HTTP/1.1 200 OK\r\nX-Drop: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{"])
def test_an_answer_that_drips_ends_when_its_time_is_over(begin: bytes) -> None:
    began = time.monotonic()
    with raw_server(dripping(begin)) as server, pytest.raises(ReadTimeoutError):
        client(server.url).get_item(TableName="t", Key={})
    assert in_time(time.monotonic() - began, 2.5)


@pytest.mark.parametrize(
    "nonsense",
    [b"HTTP", b"no http\r\n\r\n", b"HTTP/1.1 99999 X\r\n\r\n"],
)
def test_what_is_no_http_is_a_fault_of_aws(nonsense: bytes) -> None:
    with raw_server(saying(nonsense)) as server, pytest.raises(AwsError):
        client(server.url).get_item(TableName="t", Key={})


def test_an_answer_that_is_cut_off_is_asked_for_again() -> None:
    cut = answer(BODY.encode()).replace(b"Length: ", b"Length: 9")
    with raw_server(saying(cut), saying(json_answer(BODY))) as server:
        assert client(server.url).get_item(TableName="t", Key={}) == json.loads(BODY)
    with raw_server(saying(cut)) as server, pytest.raises(ConnectionClosedError):
        client(server.url).get_item(TableName="t", Key={})
    assert len(server.requests) == 2


def test_an_attribute_that_no_operation_has_is_missing() -> None:
    with pytest.raises(AttributeError):
        client("http://127.0.0.1:9")._nothing  # noqa: B018
