"""The dead-letter queue of pushes in SQS, for pushes that a retry cannot deliver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.queue import encode

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


class SqsDeadLetters:
    """Implements DeadLetters: the original message, with the reason as a message attribute."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, push: Pushed, reason: str) -> None:
        """Store the push as it was queued, so that it can be moved back to its queue."""
        self.put_body(encode(push), reason)

    def put_body(self, body: str, reason: str) -> None:
        """Store a message that is not a push."""
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=body,
            MessageAttributes={"reason": {"DataType": "String", "StringValue": reason}},
        )
