"""The dead-letter queue of pushes in SQS, for what no retry can mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.queue import encode

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


class SqsDeadLetters:
    """Implements ports.pushes.DeadLetters: the message as it was, with the reason as an attribute beside it."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, push: Pushed, reason: str) -> None:
        """Keep the push in the form in which it was queued, so that it can be put back."""
        self.put_body(encode(push), reason)

    def put_body(self, body: str, reason: str) -> None:
        """Keep a message that holds no push."""
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=body,
            MessageAttributes={"reason": {"DataType": "String", "StringValue": reason}},
        )
