"""Batches of the SDK's onLog lines, kept beside the zips that phones upload."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from switchboard.foundation.clock import Clock
from switchboard.foundation.redaction import redacted
from switchboard.logs.log_calls import call_of_logs
from switchboard.logs.ports import LogBatches
from switchboard.logs.uploads import KEPT
from switchboard.subscribers.subscriber import Platform
from switchboard.timeline.event import Detail, Event, Kind
from switchboard.timeline.ports import TimelineQueue, Timelines


@dataclass(frozen=True, slots=True)
class IngestLogs:
    """Keeps a batch as one object. What `time` a line bears is the phone's word; the object's name bears ours."""

    batches: LogBatches
    timelines: Timelines
    queue: TimelineQueue
    clock: Clock
    new_id: Callable[[], str]

    def __call__(self, account: str, name: str, platform: Platform, lines: Sequence[Mapping[str, object]]) -> str:
        """Return the key under which the lines are kept, without what looks like a credential."""
        now = self.clock()
        content = b"".join(_line(line) for line in lines)
        file_name = f"{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}-{self.new_id()}.ndjson.gz"
        key = f"{KEPT}{account}/{name}/{platform}/{file_name}"
        self.batches.put(key, content)
        at = int(now * 1000)
        details: dict[str, Detail] = {"object": key, "bytes": len(content), "lines": len(lines)}
        call = call_of_logs(self.timelines, account, name, at)
        self.queue.put([Event(account, call, Kind.LOGS_UPLOADED, at, name, details)])
        return key


def _line(line: Mapping[str, object]) -> bytes:
    """Return one line of JSON; no text of it can bear a line break or a credential."""
    clean = {key: redacted(value) if isinstance(value, str) else value for key, value in line.items()}
    return json.dumps(clean, separators=(",", ":")).encode() + b"\n"
