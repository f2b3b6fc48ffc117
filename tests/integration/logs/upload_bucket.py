"""UnpackLogsFunction deployed on moto, with the bucket that it works in and the queue that it tells."""

import json
from typing import Any
from urllib.parse import quote_plus

from tests.deployment import Deployment
from tests.events import recorded

KEY = "uploads/demo1m/alice/android/20231114T221320Z-0f3c.zip"
KEPT, ASIDE = KEY.replace("uploads/", "logs/"), KEY.replace("uploads/", "aside/")


class Bucket:
    """The function with its bucket and the timeline's queue."""

    def __init__(self, stack: Deployment) -> None:
        self.stack = stack
        self.app = stack.function("UnpackLogsFunction")
        self.name = stack.reference("LogBucket")
        self.s3 = stack.client("s3")

    def upload(self, content: bytes, key: str = KEY) -> None:
        """Put an object there and hand S3's notification to the function."""
        self.s3.put_object(Bucket=self.name, Key=key, Body=content)
        self.tell(key)

    def tell(self, key: str = KEY) -> None:
        self.app.handler(notification(key), None)

    def keys(self) -> list[str]:
        return [one["Key"] for one in self.s3.list_objects_v2(Bucket=self.name).get("Contents", [])]

    def read(self, key: str) -> bytes:
        content: bytes = self.s3.get_object(Bucket=self.name, Key=key)["Body"].read()
        return content

    def told(self) -> list[dict[str, Any]]:
        """The facts in the timeline's queue."""
        url = self.stack.reference("TimelineQueue")
        messages = self.stack.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [fact for message in messages for fact in json.loads(message["Body"])]


def notification(key: str) -> dict[str, Any]:
    event = recorded("unpack_logs")
    body = json.loads(event["Records"][0]["body"])
    body["Records"][0]["s3"]["object"]["key"] = quote_plus(key, safe="/")
    event["Records"][0]["body"] = json.dumps(body)
    return event
