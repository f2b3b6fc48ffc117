"""UnpackLogsFunction deployed on moto, with the bucket that it works in and the table that it writes."""

import json
from typing import Any
from urllib.parse import quote_plus

from switchboard.timeline.event_json import encode
from switchboard.timeline.items import events_in
from tests.deployment import Deployment
from tests.events import recorded

KEY = "uploads/demo1m/alice/android/20231114T221320Z-0f3c.zip"
KEPT, REJECTED, TAKEN = (KEY.replace("uploads/", folder) for folder in ("logs/", "rejected/", "taken/"))


class Bucket:
    """The function with its bucket and the table of calls."""

    def __init__(self, stack: Deployment) -> None:
        self.stack = stack
        self.app = stack.function("UnpackLogsFunction")
        self.name = stack.reference("LogBucket")
        self.s3 = stack.client("s3")

    def upload(self, content: bytes, key: str = KEY, put: str = "0055") -> None:
        """Put an object there and hand S3's notification to the function."""
        self.s3.put_object(Bucket=self.name, Key=key, Body=content)
        self.tell(key, put)

    def tell(self, key: str = KEY, put: str = "0055") -> None:
        self.app.handler(notification(key, put), None)

    def keys(self) -> list[str]:
        """What lies there, beside what was remembered of the PUTs."""
        found = self.s3.list_objects_v2(Bucket=self.name).get("Contents", [])
        return [one["Key"] for one in found if not one["Key"].startswith("taken/")]

    def read(self, key: str) -> bytes:
        content: bytes = self.s3.get_object(Bucket=self.name, Key=key)["Body"].read()
        return content

    def told(self) -> list[dict[str, Any]]:
        """The events that the uploads have become."""
        items = self.stack.client("dynamodb").scan(TableName="CallsTable")["Items"]
        told = [event for item in items if "source" in item for event in json.loads(encode(events_in(item)))]
        return [event for event in told if event["kind"] == "logs-uploaded"]


def notification(key: str, put: str = "0055") -> dict[str, Any]:
    """S3's, of the PUT whose sequencer is `put`."""
    event = recorded("unpack_logs")
    body = json.loads(event["Records"][0]["body"])
    body["Records"][0]["s3"]["object"] |= {"key": quote_plus(key, safe="/"), "sequencer": put}
    event["Records"][0]["body"] = json.dumps(body)
    return event
