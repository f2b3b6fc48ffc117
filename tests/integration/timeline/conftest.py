"""record_call and list_calls as deployed, in moto; the stack acts as Lambda's pollers."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from switchboard.aws import clients as aws
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.timeline.event import Event
from switchboard.timeline.event_json import encode, pieces
from tests.benches.record_call import Recorder, on_dynamodb
from tests.deployment import Deployment, deployed
from tests.sam_template import resources


def wakes(change: Mapping[str, Any], source: str = "Stream") -> bool:
    """Whether the filter of a stream's event source lets a record through to record_call."""
    criteria = resources("AWS::Serverless::Function")["RecordCallFunction"]["Events"][source]["Properties"]
    patterns = [json.loads(one["Pattern"]) for one in criteria["FilterCriteria"]["Filters"]]
    return any(matches(pattern, change) for pattern in patterns)


def matches(pattern: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Do as Lambda does with what the template's patterns are made of: fields in fields, and leaves."""
    for name, wanted in pattern.items():
        found = record.get(name)
        if isinstance(wanted, dict):
            if not isinstance(found, dict) or not matches(wanted, found):
                return False
        elif not isinstance(found, str) or wanted not in ([{"exists": True}], [found]):
            return False
    return True


class TimelineStack:
    """The functions and their resources; `record` and `stream` deliver waiting messages, as the pollers do."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.sqs = deployment.client("sqs")
        self.function = deployment.function("RecordCallFunction")
        self.recorder: Recorder = on_dynamodb()
        self.timelines = self.recorder.timelines
        self._streamed: set[str] = set()
        self.contexts = DynamoCallContexts(aws.client("dynamodb"), "CallContextsTable")

    def queue(self, *bodies: str) -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.deployment.reference("TimelineQueue"), MessageBody=body)

    def received(self, queue: str) -> list[dict[str, Any]]:
        wanted = {"MessageAttributeNames": ["All"], "AttributeNames": ["All"]}
        url = self.deployment.reference(queue)
        return list(self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **wanted).get("Messages", []))

    def record(self, *batches: Sequence[Event]) -> list[str]:
        """Queue each batch as messages and have them recorded; return the messages that must come back."""
        for batch in batches:
            self.queue(*map(encode, pieces(batch)))
        return self.recorded()

    def follow(self) -> list[str]:
        """Have the stream of Calls followed to its end, as its two event sources do; return what must come again."""
        back: list[str] = []
        for source in ("OfApps", "OfPlatform"):
            records = [record for record in self._inserted() if wakes(record, source)]
            self._streamed |= {record["dynamodb"]["SequenceNumber"] for record in records}
            if records:
                answer = self.function.handler({"Records": records}, None)
                back += [one["itemIdentifier"] for one in answer["batchItemFailures"]]
        return back

    def _inserted(self) -> list[dict[str, Any]]:
        items = self.deployment.client("dynamodb").scan(TableName="CallsTable")["Items"]
        keys = [{name: item[name] for name in ("pk", "sk")} for item in items]
        return [
            {
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "dynamodb": {"SequenceNumber": json.dumps(key), "Keys": key, "NewImage": item},
            }
            for key, item in zip(keys, items, strict=True)
            if json.dumps(key) not in self._streamed
        ]

    def recorded(self) -> list[str]:
        """Have what waits recorded, once; return the bodies of the messages that must come back."""
        back: list[str] = []
        while messages := self.received("TimelineQueue"):
            self.sqs.delete_message_batch(
                QueueUrl=self.deployment.reference("TimelineQueue"),
                Entries=[{"Id": m["MessageId"], "ReceiptHandle": m["ReceiptHandle"]} for m in messages],
            )
            records = [
                {
                    "messageId": message["MessageId"],
                    "receiptHandle": message["ReceiptHandle"],
                    "body": message["Body"],
                    "attributes": message["Attributes"],
                    "eventSource": "aws:sqs",
                }
                for message in messages
            ]
            answer = self.function.handler({"Records": records}, None)
            failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
            back += [message["Body"] for message in messages if message["MessageId"] in failed]
        return back

    def stream(self, *changes: Mapping[str, Any]) -> list[str]:
        records = [
            {"eventID": str(n), "eventSource": "aws:dynamodb", "dynamodb": {"SequenceNumber": str(n), **change}}
            for n, change in enumerate(changes)
            if wakes({"dynamodb": change})
        ]
        if not records:
            return []
        answer = self.function.handler({"Records": records}, None)
        return [one["itemIdentifier"] for one in answer["batchItemFailures"]]

    def change(self, work: Callable[[], object], caller: str = "alice") -> dict[str, Any]:
        """Return the stream's record of what `work` does to the caller's context."""
        key = {"pk": {"S": f"demo1m#{caller}"}}
        dynamodb = self.deployment.client("dynamodb")
        old, _, new = (dynamodb.get_item(TableName="CallContextsTable", Key=key), work(), None)
        new = dynamodb.get_item(TableName="CallContextsTable", Key=key)
        images = {"OldImage": old.get("Item"), "NewImage": new.get("Item")}
        return {"Keys": key, **{name: image for name, image in images.items() if image}}

    def pushes(self) -> list[str]:
        return [message["Body"] for message in self.received("PushQueue")]

    def dead_letters(self) -> list[tuple[str, str]]:
        letters = self.received("TimelineDeadLetterQueue")
        return [(one["Body"], one["MessageAttributes"]["reason"]["StringValue"]) for one in letters]


@pytest.fixture
def stack(request: pytest.FixtureRequest) -> Iterator[TimelineStack]:
    with deployed(**getattr(request, "param", {})) as deployment:
        yield TimelineStack(deployment)
