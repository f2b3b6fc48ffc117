"""Stores batches of the SDK's onLog lines, beside the zips that phones upload."""

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
from switchboard.timeline.ports import Timelines, TimelineWriter


@dataclass(frozen=True, slots=True)
class IngestLogs:
    """Stores a batch as one object. A line's `time` is by the phone's clock, the time in the object's name by ours."""

    batches: LogBatches
    timelines: Timelines
    writer: TimelineWriter
    clock: Clock
    new_id: Callable[[], str]

    def __call__(self, account: str, name: str, platform: Platform, lines: Sequence[Mapping[str, object]]) -> str:
        """Store the lines, without likely credentials, and return the object's key."""
        now = self.clock()
        content = b"".join(_line(line) for line in lines)
        file_name = f"{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}-{self.new_id()}.ndjson.gz"
        key = f"{KEPT}{account}/{name}/{platform}/{file_name}"
        self.batches.put(key, content)
        at = int(now * 1000)
        details: dict[str, Detail] = {"object": key, "bytes": len(content), "lines": len(lines)}
        call = call_of_logs(self.timelines, account, name, at)
        self.writer.put([Event(account, call, Kind.LOGS_UPLOADED, at, name, details)])
        return key


def _line(line: Mapping[str, object]) -> bytes:
    """Return one line of JSON, with line breaks escaped and likely credentials removed."""
    clean = {key: redacted(value) if isinstance(value, str) else value for key, value in line.items()}
    return json.dumps(clean, separators=(",", ":")).encode() + b"\n"
