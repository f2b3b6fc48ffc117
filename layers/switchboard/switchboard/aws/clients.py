"""The AWS clients, with short timeouts, because a caller waits."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, overload

from switchboard.aws.connections import Connections
from switchboard.aws.credentials import credentials
from switchboard.aws.endpoints import endpoint, region
from switchboard.aws.json_client import JsonClient
from switchboard.aws.signing import Scope

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sqs import SQSClient

__all__ = ["client", "credentials"]


@overload
def client(
    service: Literal["dynamodb"], *, connect: float = ..., read: float = ..., each_read: bool = ..., tries: int = ...
) -> DynamoDBClient: ...
@overload
def client(
    service: Literal["secretsmanager"],
    *,
    connect: float = ...,
    read: float = ...,
    each_read: bool = ...,
    tries: int = ...,
) -> SecretsManagerClient: ...
@overload
def client(
    service: Literal["sqs"], *, connect: float = ..., read: float = ..., each_read: bool = ..., tries: int = ...
) -> SQSClient: ...
@overload
def client(
    service: Literal["s3"], *, connect: float = ..., read: float = ..., each_read: bool = ..., tries: int = ...
) -> S3Client: ...
def client(service: str, *, connect: float = 1.0, read: float = 2.0, each_read: bool = False, tries: int = 2) -> object:
    """Return a client with botocore's methods; `connect` and `read` are seconds, for each of at most `tries` (1 or 2).

    `read` limits the whole answer, or with `each_read` each single read: S3 sends white space while it copies. A call
    takes at most `tries` times the sum of both, and a pause of 0.15 s between two.
    """
    connections = partial(Connections, connect=connect, read=read, each_read=each_read)
    if service == "s3":
        from switchboard.aws.s3_client import S3Client as Client  # noqa: PLC0415 - two functions use it

        return Client(connections, credentials(), tries)
    return JsonClient(connections(endpoint(service)), credentials(), Scope(region(), service), tries)
