"""The destinations of log uploads: a presigned URL for each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from switchboard.foundation.clock import Clock
from switchboard.logs.ports import LogBucket
from switchboard.subscribers.subscriber import Platform

UPLOAD_SECONDS = 15 * 60  # a phone first zips its logs, and may then have a slow network


@dataclass(frozen=True, slots=True)
class LogDestination:
    """The URL to which an app PUTs one zip of logs, and the file name in the object's key."""

    url: str
    file_name: str


@dataclass(frozen=True, slots=True)
class LogDestinations:
    """Creates a destination for each upload."""

    clock: Clock
    new_id: Callable[[], str]

    def make(self, bucket: LogBucket, account: str, name: str, platform: Platform) -> LogDestination:
        """Return a destination that is valid for UPLOAD_SECONDS. The object's key contains account and subscriber."""
        now = datetime.fromtimestamp(self.clock(), UTC)
        file_name = f"{now:%Y%m%dT%H%M%SZ}-{self.new_id()}.zip"
        url = bucket.upload_url(f"uploads/{account}/{name}/{platform}/{file_name}", UPLOAD_SECONDS)
        return LogDestination(url, file_name)
