"""From calls a month to what they use, of all that AWS has a price for; bill.py says what that costs."""

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.cost import stack
from benchmarks.cost.call import GATHERED, OTHERS, WAITS, Call

MEASURED = Path(__file__).with_name("measured.json")
RECORD = "RecordCallFunction"
SUMMARY = 0.5  # read units of a call's, which has at most 4 KB
NOTED_IN = "SubscribersTable"  # where a delivery writes when a device's push was accepted, at most once a week
READ_ONCE = "ErasuresTable"  # by each batch of RecordCall, whatever it holds
VCPU_MB = 1769  # memory that comes with one vCPU (Lambda's guide, "Configure Lambda function memory")
AT_ONCE = 8  # calls of a batch whose histories RecordCall updates side by side
GB = 1e9
CHEAPER_ABOVE = 300e6  # requests to HTTP APIs in a month
IDLE_RECEIVES_A_MINUTE = 15  # of a polled queue: five pollers that wait for 20 s each; Lambda may do with two
HOURS = stack.DAYS * 24
SECONDS = HOURS * 3600
RENEWALS = HOURS * 12  # of what is read again after five minutes, in a month

type Usage = Counter[str]


@cache
def measured() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(MEASURED.read_text())
    return found


@dataclass(frozen=True)
class Month:
    """A month of so many calls. `traffic`: as many calls a month as fill the streams' batches, if not these."""

    calls: float
    call: Call = field(default_factory=Call)
    work: Mapping[str, Any] = field(default_factory=measured)
    traffic: float | None = None

    def usage(self) -> Usage:
        """Return how much of each priced thing the month uses."""
        used: Usage = Counter()
        for step, times, trigger in self.call.steps():
            used.update(self.of_step(step, times * self.calls, trigger))
        used.update(self._starts())
        used.update(self._kept())
        used.update(self._standing())
        above = max(0.0, used["http_api_request"] - CHEAPER_ABOVE)
        used.update({"http_api_request": -above, "http_api_request_above_300m": above})
        return used

    def billed_ms(self, step: str, gathered: float = 1) -> int:
        """Return what Lambda bills for an invocation about so many calls: CPU at the memory's share, and waiting."""
        cpu, waits = self.spent_ms(step)
        return math.ceil(cpu * gathered + waits * max(1, gathered / AT_ONCE) + self.call.runtime_ms)

    def spent_ms(self, step: str) -> tuple[float, float]:
        """Return the milliseconds of CPU, at the memory's share of a vCPU, and of waiting."""
        work = self.work["steps"][step]
        share = min(1.0, stack.functions()[work["function"]].memory / VCPU_MB)
        cpu: float = work["cpu_ms"] + self.call.wire_ms * sum(work["calls"].values())
        waits: float = sum(WAITS[name] * number for name, number in work["calls"].items()) + OTHERS.get(step, 0)
        return cpu / share, waits + (self.call.dial_whom_wait_ms if step == "dial whom" else 0)

    def written(self, step: str) -> float:
        """Return the units that a step writes; each delivery was measured for devices whose push is noted."""
        units: Mapping[str, Any] = self.work["steps"][step]["units"]
        unnoted = units.get(NOTED_IN, [0])[0] * (1 - self.call.noted) if step.startswith("deliver") else 0
        return sum(written for written, _ in units.values()) - unnoted  # type: ignore[no-any-return]

    def read(self, step: str, gathered: float = 1) -> float:
        """Return the units that a step reads for each call of a batch about so many."""
        units: Mapping[str, Any] = self.work["steps"][step]["units"]
        summaries = (self.call.page - 1) * SUMMARY if step == "call history" else 0
        each = (read / (gathered if table == READ_ONCE else 1) for table, (_, read) in units.items())
        return sum(each) + summaries  # type: ignore[no-any-return]

    def gathered(self, trigger: str) -> float:
        """Return how many calls a batch is about.

        The first to come opens its shard's window. Calls come evenly, which makes more batches than any other way.
        """
        if trigger in ("api", "queue"):
            return 1
        source = stack.source(RECORD, trigger)
        a_call = sum(times for _, times, of in self.call.steps() if of == trigger)
        a_second = a_call * (self.calls if self.traffic is None else self.traffic) / SECONDS
        window: float = source.get("MaximumBatchingWindowInSeconds", 0)
        most: float = source["BatchSize"]
        return min(1 + window * a_second / self.call.shards, most)

    def again(self, step: str, trigger: str) -> float:
        """Return the share of a step's events that are worked on once more.

        Of a queue they come back. A stream's window that another call has opened may end between two entries of a call.
        """
        if trigger == "queue":
            return self.call.come_back
        if step not in GATHERED:
            return 0
        window: float = stack.source(RECORD, trigger)["MaximumBatchingWindowInSeconds"]
        return self.call.spread / window * (1 - 1 / self.gathered(trigger))

    def events(self) -> Counter[str]:
        """Return each function's invocations in the month."""
        events: Counter[str] = Counter()
        for step, times, trigger in self.call.steps():
            number = times * (1 + self.again(step, trigger)) * self.calls / self.gathered(trigger)
            events[self.work["steps"][step]["function"]] += number  # type: ignore[assignment]
        return events

    def cold(self, function: str) -> float:
        """Return the share of a function's events that start an environment; arrivals are by chance (Poisson)."""
        a_second = self.events()[function] / SECONDS
        return min(1.0, math.exp(-a_second * self.call.idle_seconds) + self.call.cold_share)

    def start_ms(self, function: str) -> float:
        return float(self.work["import_cpu_ms"][function]) + self.call.start_ms

    def of_step(self, step: str, times: float, trigger: str) -> Mapping[str, float]:
        """Return what so many of a step use, and what they leave in Calls for as long as it stays there."""
        work = self.work["steps"][step]
        calls, queued, api = work["calls"], trigger == "queue", trigger == "api"
        back = self.again(step, trigger) * times
        handled = times + back
        gathered = self.gathered(trigger)
        batches = handled / gathered
        rewritten = self.written(step) if queued else min(1, self.written(step))  # a second look: the summary only
        own = sum(number for name, number in calls.items() if name.startswith("sqs:")) * handled
        polled = handled + back + times if queued else 0  # received, put off, deleted
        log = (work["log_bytes"] + work["log_lines"] * self.call.line_bytes) * batches
        report = (self.call.report_bytes + 3 * self.call.line_bytes) * batches if stack.writes_of_each_event() else 0
        access = (stack.access_log_bytes() + self.call.line_bytes) * times if api else 0
        answered = (work["body_bytes"] + self.call.header_bytes) * times if api else 0
        memory = stack.functions()[work["function"]].memory
        pushed = int(step[-1]) * times if step.startswith("deliver") else 0
        logged = (log + report) / GB
        months = stack.parameter("LogRetentionDays") / stack.DAYS
        kept = work["kept_bytes"] * times * months / GB
        return {
            "http_api_request": times if api else 0,  # each far below the 512 KB that count as one
            "lambda_request": batches,
            "lambda_gb_second": memory / 1024 * self.billed_ms(step, gathered) / 1000 * batches,
            "dynamodb_write_unit": self.written(step) * times + rewritten * back,
            "dynamodb_read_unit": self.read(step, gathered) * handled,
            "dynamodb_gb_month": kept,
            "dynamodb_pitr_gb_month": kept,
            "sqs_request": own + polled,  # each message far below the 64 KB that count as one
            "s3_put": (calls.get("s3:PutObject", 0) + calls.get("s3:ListObjectsV2", 0)) * times,
            "s3_get": calls.get("s3:GetObject", 0) * times,
            "log_gb": logged,
            "log_ia_gb": access / GB,
            "log_gb_month": (logged + access / GB) * self.call.compressed * months,
            "transfer_gb": (answered + pushed * self.call.fcm_bytes) / GB,
            "fcm_message": pushed,
        }

    def _starts(self) -> Mapping[str, float]:
        """Return what starting environments takes, and what each reads again every five minutes while it has work."""
        used: Usage = Counter()
        for name, events in self.events().items():
            function, starts = stack.functions()[name], events * self.cold(name)
            renewals = min(events, RENEWALS)
            used["lambda_gb_second"] += starts * function.memory / 1024 * self.start_ms(name) / 1000  # type: ignore[assignment]
            used["secret_read"] += (starts + renewals) * function.secrets  # type: ignore[assignment]
            used["kms_request"] += renewals * function.tables  # type: ignore[assignment]
        return used

    def _kept(self) -> Mapping[str, float]:
        """Return what is kept of the month's users and phones in a table and the bucket, for as long as it stays."""
        users = 2 * self.calls / self.call.calls_of_a_user
        profiles, index = (kept * users / GB for kept in self.work["subscriber_bytes"])
        uploads = self.call.log_uploads * self.calls
        return {
            "dynamodb_gb_month": profiles + index,
            "dynamodb_pitr_gb_month": profiles,
            "s3_put": uploads,  # the phone's own
            "s3_gb_month": uploads * self.call.log_upload_mb / 1000 * stack.parameter("LogUploadDays") / stack.DAYS,
        }

    def _standing(self) -> Mapping[str, float]:
        """Return the usage of a stack without calls."""
        full = bool(self.call.full_monitoring)
        return {
            "sqs_request": stack.polled_queues() * IDLE_RECEIVES_A_MINUTE * 60 * 24 * stack.DAYS,
            "metric_month": self._metrics(),
            "alarm_month": stack.count("AWS::CloudWatch::Alarm", full=full),
            "dashboard_month": stack.count("AWS::CloudWatch::Dashboard", full=full),
            "secret_month": stack.count("AWS::SecretsManager::Secret"),
        }

    def _metrics(self) -> float:
        """Return how many metrics there are, each for its share of the hours: one without a value costs nothing."""
        an_hour = self.calls / HOURS
        usual = len(self.work["metrics"]) * -math.expm1(-an_hour)
        return usual + self.call.other_metrics * -math.expm1(-an_hour * self.call.other_metrics_share)
