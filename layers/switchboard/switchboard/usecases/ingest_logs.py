"""Batches of the SDK's onLog lines, kept beside the zips that phones upload."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from switchboard.domain.errors import TooManyRequestsError
from switchboard.domain.log_uploads import KEPT
from switchboard.domain.redaction import redacted
from switchboard.domain.subscribers import Platform
from switchboard.domain.timeline import Detail, Event, Kind
from switchboard.log_ports import LogBatches, RateLimit
from switchboard.ports import Clock
from switchboard.timeline_ports import TimelineQueue, Timelines
from switchboard.usecases.log_calls import call_of_logs

WINDOW_SECONDS = 60
MOST_BATCHES = 20  # of one subscriber in a window: an app that sends every few seconds, and its retries


@dataclass(frozen=True, slots=True)
class IngestLogs:
    """Keeps a batch as one object. What `time` a line bears is the phone's word; the object's name bears ours."""

    batches: LogBatches
    limit: RateLimit
    timelines: Timelines
    queue: TimelineQueue
    clock: Clock
    new_id: Callable[[], str]

    def __call__(self, account: str, name: str, platform: Platform, lines: Sequence[Mapping[str, object]]) -> str:
        """Return the key under which the lines are kept, without what looks like a credential.

        Raises TooManyRequestsError from the subscriber's MOST_BATCHES + 1st batch of a minute on.
        """
        now = self.clock()
        self._admit(account, name, int(now))
        content = b"".join(_line(line) for line in lines)
        file_name = f"{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}-{self.new_id()}.ndjson.gz"
        key = f"{KEPT}{account}/{name}/{platform}/{file_name}"
        self.batches.put(key, content)
        at = int(now * 1000)
        details: dict[str, Detail] = {"object": key, "bytes": len(content), "lines": len(lines)}
        call = call_of_logs(self.timelines, account, name, at)
        self.queue.put([Event(account, call, Kind.LOGS_UPLOADED, at, name, details)])
        return key

    def _admit(self, account: str, name: str, now: int) -> None:
        window, into = divmod(now, WINDOW_SECONDS)
        wait = WINDOW_SECONDS - into
        if not self.limit.take(account, name, MOST_BATCHES, window, now + wait + WINDOW_SECONDS):
            raise TooManyRequestsError(
                "too_many_logs", f"at most {MOST_BATCHES} batches of log lines a minute", retry_after=wait
            )


def _line(line: Mapping[str, object]) -> bytes:
    """Return one line of JSON; no text of it can bear a line break or a credential."""
    clean = {key: redacted(value) if isinstance(value, str) else value for key, value in line.items()}
    return json.dumps(clean, separators=(",", ":")).encode() + b"\n"
