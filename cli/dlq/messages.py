"""Dead letters: looked at without being taken, and moved back one by one, so that no move task is needed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cli.dlq.queues import DeadLetterQueue

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import MessageTypeDef

NO_REASON = "none given: its function failed each time"
OF_STREAM = "answers of Dial Whom that record_call failed to record: only where they were is here, a redrive is no use"
_STREAM = "DDBStreamBatchInfo"  # what Lambda sends in place of a stream's records
HIDDEN_SECONDS = 120  # from others, while we look or move
_WAIT_SECONDS = 1  # asks all of SQS's servers; without a wait some messages could be missed
_SHOWN = {"pushId": "push_id", "account": "account", "subscriberName": "subscriber", "call": "call", "kind": "kind"}


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message: why it is here, when it was put here (epoch seconds), and what may be shown of it."""

    reason: str
    put_at: float
    shown: Mapping[str, str]


def look(client: SQSClient, queue: DeadLetterQueue, most: int) -> Sequence[DeadLetter]:
    """Return up to `most` messages; all stay in the queue, and are there for others again at the end."""
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
    """Send what was put there before that moment (epoch seconds) to the queue it came from; return how many.

    A message is deleted only once the other queue has it: none is lost, and one may come twice, for which the readers
    of our queues are made. What failed again meanwhile stays, else the same ones would go round and round.
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
    """Send the message as it was, without its reason, which was that of the last time; then delete it here."""
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
    """Return the message's object, of a list of events the first; nothing for what is none."""
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    first = content[0] if isinstance(content, list) and content else content
    return first if isinstance(first, dict) else {}


def _shown(content: Mapping[str, object]) -> Mapping[str, str]:
    """Pick what tells one message from another: never a payload, a token or a body that we do not know."""
    return {name: str(content[key])[:64] for key, name in _SHOWN.items() if isinstance(content.get(key), str)}
