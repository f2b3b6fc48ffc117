"""Reads dead letters without removing them, and moves them back one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cli.dlq.queues import DeadLetterQueue
from switchboard.timeline.queue import MISSED, REFRESH

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import MessageTypeDef

NO_REASON = "none given: its function failed each time"
OF_STREAM = "record_call failed on answers of Dial Whom; only their place in the stream is here: a redrive is no use"
_STREAM = "DDBStreamBatchInfo"  # what Lambda sends in place of a stream's records
HIDDEN_SECONDS = 120  # hidden from other readers while we read or move
_WAIT_SECONDS = 1  # asks all of SQS's servers; without a wait some messages could be missed
_SHOWN = {"pushId": "push_id", "account": "account", "subscriberName": "subscriber", "call": "call", "kind": "kind"}


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message in a dead-letter queue: its reason, its time (epoch seconds), and the fields that may be shown."""

    reason: str
    put_at: float
    shown: Mapping[str, str]


def look(client: SQSClient, queue: DeadLetterQueue, most: int) -> Sequence[DeadLetter]:
    """Return up to `most` messages; all stay in the queue, and are visible to other readers again at the end."""
    handles: list[str] = []
    found: list[DeadLetter] = []
    try:
        for messages in _received(client, queue.url):
            handles += [message["ReceiptHandle"] for message in messages]
            found += [_dead_letter(message) for message in messages]
            if len(found) >= most:
                break
    finally:
        _give_back(client, queue.url, handles)
    return found


def move(client: SQSClient, queue: DeadLetterQueue, before: float, progress: Callable[[int], None]) -> int:
    """Send messages older than `before` (epoch seconds) to the queue that they came from; return how many.

    A message is deleted only after the other queue has it: none is lost, and a message may arrive twice, which the
    readers of our queues tolerate. Messages that failed again meanwhile stay, so that this ends.
    """
    moved = 0
    for messages in _received(client, queue.url):
        rest = [message["ReceiptHandle"] for message in messages]
        try:
            for message in messages:
                if _dead_letter(message).put_at < before:
                    _move(client, queue, message)
                    rest.remove(message["ReceiptHandle"])
                    moved += 1
                    progress(1)
        finally:
            _give_back(client, queue.url, rest)
        if rest:
            break
    return moved


def _received(client: SQSClient, url: str) -> Iterator[Sequence[MessageTypeDef]]:
    while True:
        messages = client.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=HIDDEN_SECONDS,
            WaitTimeSeconds=_WAIT_SECONDS,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["SentTimestamp"],
        ).get("Messages", [])
        if not messages:
            return
        yield messages


def _move(client: SQSClient, queue: DeadLetterQueue, message: MessageTypeDef) -> None:
    """Send the message unchanged but for its old reason; then delete it here."""
    attributes: Any = {key: value for key, value in message.get("MessageAttributes", {}).items() if key != "reason"}
    client.send_message(QueueUrl=queue.source_url, MessageBody=message["Body"], MessageAttributes=attributes)
    client.delete_message(QueueUrl=queue.url, ReceiptHandle=message["ReceiptHandle"])


def _give_back(client: SQSClient, url: str, handles: Sequence[str]) -> None:
    for handle in handles:
        client.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)


def _dead_letter(message: MessageTypeDef) -> DeadLetter:
    content, attributes = _content(message["Body"]), message.get("MessageAttributes", {})
    reason = attributes["reason"].get("StringValue") if "reason" in attributes else None
    reason = reason or (OF_STREAM if _STREAM in content else NO_REASON)
    return DeadLetter(reason, int(message["Attributes"]["SentTimestamp"]) / 1000, _shown(content))


def _content(body: str) -> Mapping[str, object]:
    """Return the message's JSON object, of a list or a task's list the first one; {} for anything else."""
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    if isinstance(content, dict) and set(content) <= {REFRESH, MISSED}:
        content = next(iter(content.values()), None)
    first = content[0] if isinstance(content, list) and content else content
    return first if isinstance(first, dict) else {}


def _shown(content: Mapping[str, object]) -> Mapping[str, str]:
    """Return the fields that identify a message: never a payload, a token or an unknown body."""
    return {name: str(content[key])[:64] for key, name in _SHOWN.items() if isinstance(content.get(key), str)}
