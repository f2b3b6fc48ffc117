"""The PushQueue in SQS; queued_push.py reads its messages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from switchboard.foundation.errors import AwsError, UnavailableError

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

    from switchboard.pushes.cancel import Cancel
    from switchboard.pushes.missed_call import MissedCall, Pushed
    from switchboard.pushes.push import Push


class SqsPushQueue:
    """Implements PushQueue, MissedCalls and Cancels; the client's timeouts must fit into the time that Exotel waits."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, push: Push) -> None:
        """Return after SQS has stored the push. Raises UnavailableError, so that Exotel gets an error response."""
        self._send(push)

    def notify(self, missed: MissedCall) -> None:
        """Return after SQS has stored the notification. Raises UnavailableError."""
        self._send(missed)

    def cancel(self, cancel: Cancel) -> None:
        """Return after SQS has stored the cancel. Raises UnavailableError."""
        self._send(cancel)

    def _send(self, push: Pushed) -> None:
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=encode(push))
        except AwsError as fault:
            raise UnavailableError(
                "not_queued", "the push could not be queued; send it again", retry_after=1
            ) from fault

    def delay(self, receipt_handle: str, seconds: int) -> None:
        """Make a received message visible again after `seconds`."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
        )


def encode(push: Pushed) -> str:
    """Return the message body for a push. Anything but a call has a `type`."""
    body = {
        "account": push.account,
        "subscriberName": push.subscriber_name,
        "pushId": push.push_id,
        "acceptedAt": push.accepted_at,
    }
    return json.dumps(body | push.queued(), separators=(",", ":"))
