"""AWS clients: botocore's own, with timeouts that fit a caller who waits, and a close look at what they are told."""

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

_MAKING = Lock()  # sessions are not made for threads, and one that takes too long goes on while the next begins


class UnreadableAnswerError(BotoCoreError):
    """AWS said yes, and what came with it is cut off or no JSON. botocore would take it for an empty answer."""

    fmt = "{operation} was answered with what cannot be read"


@overload
def client(
    service: Literal["dynamodb"], *, connect: float = ..., read: float = ..., each_read: bool = ...
) -> DynamoDBClient: ...
@overload
def client(
    service: Literal["secretsmanager"], *, connect: float = ..., read: float = ..., each_read: bool = ...
) -> SecretsManagerClient: ...
@overload
def client(service: Literal["sqs"], *, connect: float = ..., read: float = ..., each_read: bool = ...) -> SQSClient: ...
@overload
def client(service: Literal["s3"], *, connect: float = ..., read: float = ..., each_read: bool = ...) -> S3Client: ...
def client(service: str, *, connect: float = 1.0, read: float = 2.0, each_read: bool = False) -> object:
    """Return a botocore client; `connect` and `read` are seconds, for each of at most two tries.

    `read` is for a whole answer, or for each wait in it with `each_read`: S3 sends signs of life while it copies.
    """
    with _MAKING:
        of = session_for(service)
        config = Config(
            connect_timeout=connect,
            read_timeout=read,
            retries={"mode": "legacy", "total_max_attempts": 2},
            tcp_keepalive=True,
            max_pool_connections=50,
            user_agent=of.user_agent(),  # once; botocore would write it anew, twice for each call
            parameter_validation=service == "s3",  # the others refuse what is wrong; S3 takes no key for the bucket
        )
        made = of.create_client(service, region_name=os.environ.get("AWS_REGION"), config=config)
    if not each_read:
        bound(made._endpoint.http_session._manager)  # type: ignore[attr-defined]  # nothing public leads there
    if service != "s3":  # whose answers are XML, which botocore reads strictly
        made.meta.events.register("before-parse", _look_at)
    return made


def _look_at(response_dict: dict[str, Any], operation_model: Any, **_: object) -> None:  # noqa: ANN401 botocore's own
    """Raise UnreadableAnswerError for a yes that is none; of a no that cannot be read, leave its status."""
    body, length = response_dict["body"], response_dict["headers"].get("content-length")
    whole = length in (None, str(len(body)))
    if whole and (body[:1] + body[-1:] == b"{}" or (not body and operation_model.output_shape is None)):
        return
    if response_dict["status_code"] < 300:
        raise UnreadableAnswerError(operation=operation_model.name)
    response_dict["body"] = b""
