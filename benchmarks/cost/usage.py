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
from benchmarks.cost.call import OTHERS, WAITS, Call

MEASURED = Path(__file__).with_name("measured.json")
RECORD = "RecordCallFunction"
VCPU_MB = 1769  # memory that comes with one vCPU (Lambda's guide, "Configure Lambda function memory")
GB = 1e9
CHEAPER_ABOVE = 300e6  # requests to HTTP APIs in a month
IDLE_RECEIVES_A_MINUTE = 15  # of a polled queue: five pollers that wait for 20 s each; Lambda may do with two
HOURS = stack.DAYS * 24
RENEWALS = HOURS * 12  # of what is read again after five minutes, in a month

type Usage = Counter[str]


@cache
def measured() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(MEASURED.read_text())
    return found


@dataclass(frozen=True)
class Month:
    """A month of so many calls."""

    calls: float
    call: Call = field(default_factory=Call)
    work: Mapping[str, Any] = field(default_factory=measured)

    def usage(self) -> Usage:
        """Return how much of each priced thing the month uses."""
        used: Usage = Counter()
        for step, times, trigger in self.call.steps():
            used.update(self._step(step, times * self.calls, trigger))
        used.update(self._starts())
        used.update(self._kept())
        used.update(self._standing())
        above = max(0.0, used["http_api_request"] - CHEAPER_ABOVE)
        used.update({"http_api_request": -above, "http_api_request_above_300m": above})
        return used

    def billed_ms(self, step: str) -> int:
        """Return what Lambda bills for an event: CPU at the memory's share of a vCPU, and waiting."""
        work = self.work["steps"][step]
        share = min(1.0, stack.functions()[work["function"]].memory / VCPU_MB)
        cpu: float = work["cpu_ms"] + self.call.wire_ms * sum(work["calls"].values())
        waits: float = sum(WAITS[name] * number for name, number in work["calls"].items()) + OTHERS.get(step, 0)
        late = self.call.dial_whom_wait_ms if step == "dial whom" else 0
        return math.ceil(cpu / share + waits + late + self.call.runtime_ms)

    def events(self) -> Counter[str]:
        """Return each function's events in the month."""
        events: Counter[str] = Counter()
        for step, times, _ in self.call.steps():
            events[self.work["steps"][step]["function"]] += times * self.calls  # type: ignore[assignment]
        return events

    def cold(self, function: str) -> float:
        """Return the share of a function's events that start an environment; arrivals are by chance (Poisson)."""
        a_second = self.events()[function] / (stack.DAYS * 86_400)
        return min(1.0, math.exp(-a_second * self.call.idle_seconds) + self.call.cold_share)

    def start_ms(self, function: str) -> float:
        return float(self.work["import_cpu_ms"][function]) + self.call.start_ms

    def _step(self, step: str, times: float, trigger: str) -> Mapping[str, float]:
        work = self.work["steps"][step]
        calls, queued, api = work["calls"], trigger == "queue", trigger == "api"
        back = self.call.come_back * times if queued else 0
        handled = times + back
        # A batching window gathers what was received one by one; only events may wait for one, pushes may not.
        batch = self.call.batch if queued and work["function"] == RECORD else 1
        batches = handled / batch
        own = sum(number for name, number in calls.items() if name.startswith("sqs:")) * handled
        polled = handled + back + times / batch if queued else 0  # received, put off, deleted
        log = (work["log_bytes"] + work["log_lines"] * self.call.line_bytes) * handled
        report = (self.call.report_bytes + 3 * self.call.line_bytes) * batches if stack.writes_of_each_event() else 0
        access = (stack.access_log_bytes() + self.call.line_bytes) * times if api else 0
        answered = (work["body_bytes"] + self.call.header_bytes) * times if api else 0
        pushed = int(step[-1]) * times if step.startswith("deliver") else 0
        logged = (log + report) / GB
        stays = self.call.compressed * stack.parameter("LogRetentionDays") / stack.DAYS
        return {
            "http_api_request": times if api else 0,  # each far below the 512 KB that count as one
            "lambda_request": batches,
            # the work of a batch is its messages' together
            "lambda_gb_second": self._gb_seconds(step) * handled,
            "dynamodb_write_unit": sum(written for written, _ in work["units"].values()) * handled,
            "dynamodb_read_unit": sum(read for _, read in work["units"].values()) * handled,
            "sqs_request": own + polled,  # each message far below the 64 KB that count as one
            "s3_put": (calls.get("s3:PutObject", 0) + calls.get("s3:ListObjectsV2", 0)) * times,
            "s3_get": calls.get("s3:GetObject", 0) * times,
            "log_gb": logged,
            "log_ia_gb": access / GB,
            "log_gb_month": (logged + access / GB) * stays,
            "transfer_gb": (answered + pushed * self.call.fcm_bytes) / GB,
            "fcm_message": pushed,
        }

    def _gb_seconds(self, step: str) -> float:
        memory = stack.functions()[self.work["steps"][step]["function"]].memory
        return memory / 1024 * self.billed_ms(step) / 1000

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
        """Return what the month's calls leave in tables and the bucket, for as long as it stays."""
        months = stack.parameter("LogRetentionDays") / stack.DAYS
        users = 2 * self.calls / self.call.calls_of_a_user
        stays = [(self.work["subscriber_bytes"], users)]
        stays += [
            (self.work["steps"][step]["kept_bytes"], times * self.calls * months)
            for step, times, _ in self.call.steps()
        ]
        tables, indexes = (sum(kept[side] * number for kept, number in stays) / GB for side in (0, 1))
        uploads = self.call.log_uploads * self.calls
        return {
            "dynamodb_gb_month": tables + indexes,
            "dynamodb_pitr_gb_month": tables,
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
