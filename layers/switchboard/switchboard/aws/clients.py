"""botocore clients with short timeouts, because a caller waits, and with a check of each response body."""

from __future__ import annotations

import os
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, overload

from botocore.config import Config
from botocore.exceptions import BotoCoreError

from switchboard.aws.session import session, session_for
from switchboard.aws.whole_answers import bound

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sqs import SQSClient

__all__ = ["UnreadableAnswerError", "client", "session", "session_for"]

_MAKING = Lock()  # sessions are not thread-safe, and a client whose creation times out is still being created


class UnreadableAnswerError(BotoCoreError):
    """AWS returned a success status with a truncated or non-JSON body, which botocore would parse as empty."""

    fmt = "{operation} returned a body that cannot be read"


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
    """Return a botocore client; `connect` and `read` are seconds, for each of at most `tries`.

    `read` limits the whole response, or with `each_read` each single read: S3 sends white space while it copies.
    """
    with _MAKING:
        of = session_for(service)
        config = Config(
            connect_timeout=connect,
            read_timeout=read,
            retries={"mode": "legacy", "total_max_attempts": tries},
            tcp_keepalive=True,
            max_pool_connections=50,
            user_agent=of.user_agent(),  # built once; botocore would build it twice for each call
            parameter_validation=service == "s3",  # S3 alone would read an empty key as a request for the bucket
        )
        made = of.create_client(service, region_name=os.environ.get("AWS_REGION"), config=config)
    if not each_read:
        bound(made._endpoint.http_session._manager)  # type: ignore[attr-defined]  # there is no public access
    if service != "s3":  # S3 responds in XML, and botocore raises for invalid XML
        made.meta.events.register("before-parse", _look_at)
    return made


def _look_at(response_dict: dict[str, Any], operation_model: Any, **_: object) -> None:  # noqa: ANN401 botocore's own
    """Raise UnreadableAnswerError for a success response with an unreadable body.

    For an error response, keep the status and drop the body.
    """
    body, length = response_dict["body"], response_dict["headers"].get("content-length")
    whole = length in (None, str(len(body)))
    if whole and (body[:1] + body[-1:] == b"{}" or (not body and operation_model.output_shape is None)):
        return
    if response_dict["status_code"] < 300:
        raise UnreadableAnswerError(operation=operation_model.name)
    response_dict["body"] = b""
