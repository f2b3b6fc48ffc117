"""The PushQueue in SQS, and the format of its messages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from switchboard.foundation.errors import AwsError, MalformedRequestError, UnavailableError
from switchboard.pushes.missed_call import TYPE, MissedCall, Pushed
from switchboard.pushes.push import Push

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


class SqsPushQueue:
    """Implements PushQueue and MissedCalls; the client's timeouts must fit into the time that Exotel waits."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, push: Push) -> None:
        """Return after SQS has stored the push. Raises UnavailableError, so that Exotel gets an error response."""
        self._send(push)

    def notify(self, missed: MissedCall) -> None:
        """Return after SQS has stored the notification. Raises UnavailableError."""
        self._send(missed)

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
    """Return the message body for a push, or for a missed call, which has a `type`."""
    body: dict[str, object] = {
        "account": push.account,
        "subscriberName": push.subscriber_name,
        "pushId": push.push_id,
        "acceptedAt": push.accepted_at,
    }
    if isinstance(push, MissedCall):
        body |= {"type": TYPE, "caller": push.caller, "callSid": push.call_sid, "at": push.at}
    else:
        body |= {"payload": push.payload, "payloadVersion": push.payload_version}
    return json.dumps(body, separators=(",", ":"))


def decode(body: str) -> Pushed:
    """Return the push in a message body. Raises MalformedRequestError with the reason, without the body."""
    try:
        fields = json.loads(body)
        return _missed(fields) if fields.get("type") == TYPE else _push(fields)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as fault:
        reason = f"no push in the message: {type(fault).__name__}"
        raise MalformedRequestError("malformed_message", reason) from None


def _push(fields: Mapping[str, object]) -> Push:
    return Push(
        account=_text(fields["account"]),
        subscriber_name=_text(fields["subscriberName"]),
        payload=_text(fields["payload"]),
        payload_version=_text(fields["payloadVersion"]),
        push_id=_text(fields["pushId"]),
        accepted_at=_number(fields["acceptedAt"]),
    )


def _missed(fields: Mapping[str, object]) -> MissedCall:
    return MissedCall(
        account=_text(fields["account"]),
        subscriber_name=_text(fields["subscriberName"]),
        caller=_text(fields["caller"]),
        call_sid=_text(fields["callSid"]),
        at=_number(fields["at"]),
        push_id=_text(fields["pushId"]),
        accepted_at=_number(fields["acceptedAt"]),
    )


def _number(value: object) -> int:
    if not isinstance(value, int | float | str):
        raise TypeError
    return int(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
