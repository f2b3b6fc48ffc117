"""Batches of the SDK's onLog lines, kept beside the zips that phones upload."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from switchboard.domain.log_uploads import KEPT
from switchboard.domain.redaction import redacted
from switchboard.domain.subscribers import Platform
from switchboard.domain.timeline import Detail, Event, Kind
from switchboard.ports.clock import Clock
from switchboard.ports.logs import LogBatches
from switchboard.ports.timelines import TimelineQueue, Timelines
from switchboard.usecases.log_calls import call_of_logs


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
