"""A look into the dead-letter queue that leaves every message where it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import MessageTypeDef

_HIDDEN_SECONDS = 20  # while looking, so that no message is read twice; then all are put back
_MOST_READS = 100  # of ten messages


def reasons(client: SQSClient, queue_url: str) -> Mapping[str, str]:
    """Return the reasons of the pushes in the queue by push id; "" for what came there by the redrive policy."""
    found: dict[str, str] = {}
    handles: list[str] = []
    try:
        for _ in range(_MOST_READS):
            messages = client.receive_message(
                QueueUrl=queue_url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=_HIDDEN_SECONDS,
                MessageAttributeNames=["reason"],
            ).get("Messages", [])
            if not messages:
                break
            for message in messages:
                handles.append(message["ReceiptHandle"])
                found[_push_id(message.get("Body", ""))] = _reason(message)
    finally:
        for handle in handles:
            client.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=0)
    return found


def _reason(message: MessageTypeDef) -> str:
    attributes = message.get("MessageAttributes", {})
    return attributes["reason"].get("StringValue", "") if "reason" in attributes else ""


def _push_id(body: str) -> str:
    try:
        push: Any = json.loads(body)
        return str(push["pushId"])
    except (ValueError, KeyError, TypeError):
        return ""
