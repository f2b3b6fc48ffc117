"""Where an app puts its logs: an address of its own for each upload."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from switchboard.foundation.clock import Clock
from switchboard.logs.ports import LogBucket
from switchboard.subscribers.subscriber import Platform

UPLOAD_SECONDS = 15 * 60  # a phone zips its logs first and then uploads over whatever network it has


@dataclass(frozen=True, slots=True)
class LogDestination:
    """Where an app puts one zip of logs: an address to PUT it to, and the name that the object will have."""

    url: str
    file_name: str


@dataclass(frozen=True, slots=True)
class LogDestinations:
    """Hands out a place of its own for each upload."""

    clock: Clock
    new_id: Callable[[], str]

    def make(self, bucket: LogBucket, account: str, name: str, platform: Platform) -> LogDestination:
        """Return where to upload, good for UPLOAD_SECONDS. Who asked can be read from the object's key."""
        now = datetime.fromtimestamp(self.clock(), UTC)
        file_name = f"{now:%Y%m%dT%H%M%SZ}-{self.new_id()}.zip"
        url = bucket.upload_url(f"uploads/{account}/{name}/{platform}/{file_name}", UPLOAD_SECONDS)
        return LogDestination(url, file_name)
