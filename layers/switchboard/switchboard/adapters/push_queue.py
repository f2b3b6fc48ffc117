"""The PushQueue in SQS, and the form in which a push lies in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from switchboard.domain.errors import MalformedRequestError, UnavailableError
from switchboard.domain.push import Push

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


class SqsPushQueue:
    """Implements ports.PushQueue; the client's timeouts are the time that Exotel waits."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, push: Push) -> None:
        """Return once SQS has the push. Raises UnavailableError, so that Exotel learns that it has not."""
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=encode(push))
        except (BotoCoreError, ClientError) as fault:
            raise UnavailableError(
                "not_queued", "the push could not be queued; send it again", retry_after=1
            ) from fault

    def delay(self, receipt_handle: str, seconds: int) -> None:
        """Let a message that was received come back after `seconds`."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
        )


def encode(push: Push) -> str:
    """Return the message body for a push."""
    body = {
        "account": push.account,
        "subscriberName": push.subscriber_name,
        "payload": push.payload,
        "payloadVersion": push.payload_version,
        "pushId": push.push_id,
        "acceptedAt": push.accepted_at,
    }
    return json.dumps(body, separators=(",", ":"))


def decode(body: str) -> Push:
    """Return the push in a message body. Raises MalformedRequestError that says what is wrong, without the body."""
    try:
        fields = json.loads(body)
        texts = {
            name: _text(fields[name]) for name in ("account", "subscriberName", "payload", "payloadVersion", "pushId")
        }
        accepted_at = int(fields["acceptedAt"])
    except (ValueError, TypeError, KeyError, RecursionError) as fault:
        reason = f"no push in the message: {type(fault).__name__}"
        raise MalformedRequestError("malformed_message", reason) from None
    return Push(
        account=texts["account"],
        subscriber_name=texts["subscriberName"],
        payload=texts["payload"],
        payload_version=texts["payloadVersion"],
        push_id=texts["pushId"],
        accepted_at=accepted_at,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
