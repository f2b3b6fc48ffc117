"""Every metric of ours: name, unit and dimensions in one place; template.yaml's alarms and dashboard name them too.

Written as EMF, which CloudWatch turns into metrics from the log. CloudWatch takes a name with other dimensions for
another metric, so each is written with exactly one set: `service` (the function), `stage` (two deployments in one
account stay apart) and its own. No dimension takes a value from outside: each combination costs money.
"""

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

NAMESPACE = "Switchboard"
MOST_VALUES = 100  # of one metric in a line that CloudWatch takes


class Metric(NamedTuple):
    """A metric; `own` are its dimensions besides `service` and `stage`."""

    name: str
    unit: Literal["Count", "Milliseconds"]
    own: tuple[str, ...] = ()


SERVER_ERROR = Metric("ServerError", "Count")  # answers of 5xx, from any function behind the API
WEBHOOK_REFUSED = Metric("WebhookRefused", "Count", ("outcome",))  # Exotel's requests that proved nothing: the code
DIAL_WHOM_OUTCOME = Metric("DialWhomOutcome", "Count", ("outcome",))  # the route to an answer, or the error's code
DIAL_WHOM_WAIT = Metric("DialWhomWait", "Milliseconds")  # from API Gateway getting the question to our answer
PUSH_OUTCOME = Metric("PushOutcome", "Count", ("outcome",))  # domain.push.Outcome, per device and attempt
PUSH_ERROR = Metric("PushError", "Count", ("code",))  # the push service's word for what was not accepted
PUSH_LATENCY = Metric("PushLatency", "Milliseconds")  # from Exotel's request to the push service's yes
STALE_PUSH = Metric("StalePush", "Count")  # too late to ring: stale or too-late
DEVICE_DISABLED = Metric("DeviceDisabled", "Count")  # a token of another Firebase project
TOKEN_OUTCOME = Metric("TokenOutcome", "Count", ("outcome",))  # login and token: issued, or the error's code
LOGIN_FAILURE = Metric("LoginFailure", "Count")  # wrong credentials, of whatever kind
LOGIN_THROTTLED = Metric("LoginThrottled", "Count")  # logins refused unseen after too many failures
TIMELINE_EVENT = Metric("TimelineEvent", "Count")  # events about calls that were written down
TIMELINE_LAG = Metric("TimelineLag", "Milliseconds")  # from what we did in a call to its being written down
EVENT_LOST = Metric("EventLost", "Count")  # events that did not even reach their queue
UPLOAD_OUTCOME = Metric("UploadOutcome", "Count", ("outcome",))  # a phone's logs: unpacked, or why they are rejected

ALL = tuple(found for found in list(globals().values()) if isinstance(found, Metric))


def emit(measured: Mapping[Metric, float | Sequence[float]], **own: str) -> None:
    """Write metrics in one line, each with those of `own` that are its dimensions; nothing where there is no value."""
    left = {m: values if isinstance(values, Sequence) else (values,) for m, values in measured.items()}
    while left := {metric: values for metric, values in left.items() if values}:
        line = _line({metric: values[:MOST_VALUES] for metric, values in left.items()}, own)
        sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")  # at once: threads may write too
        left = {metric: values[MOST_VALUES:] for metric, values in left.items()}


def _line(measured: Mapping[Metric, Sequence[float]], own: Mapping[str, str]) -> dict[str, Any]:
    """Return an EMF document (Embedded Metric Format specification)."""
    directives = [
        {
            "Namespace": NAMESPACE,
            "Dimensions": [["service", "stage", *metric.own]],
            "Metrics": [{"Name": metric.name, "Unit": metric.unit}],
        }
        for metric in measured
    ]
    return {
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": directives},
        "service": os.environ.get("POWERTOOLS_SERVICE_NAME", "service_undefined"),
        "stage": os.environ.get("STAGE", "dev"),
        **own,
        **{metric.name: values for metric, values in measured.items()},
    }
