"""All metrics: names, units and dimensions. The alarms and the dashboard in template.yaml use the same names.

They are written to the log as EMF, from which CloudWatch creates metrics. For CloudWatch the same name with other
dimensions is another metric, so each has one fixed set: `service` (the function), `stage` (separates deployments in
one account) and its own. No dimension takes a value from outside, because each combination costs money.
"""

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

NAMESPACE = "Switchboard"
MOST_VALUES = 100  # of one metric in a line; CloudWatch's limit


class Metric(NamedTuple):
    """A metric; `own` are its dimensions besides `service` and `stage`."""

    name: str
    unit: Literal["Count", "Milliseconds"]
    own: tuple[str, ...] = ()


SERVER_ERROR = Metric("ServerError", "Count")  # 5xx responses, from any function behind the API
WEBHOOK_REFUSED = Metric("WebhookRefused", "Count", ("outcome",))  # webhook requests that the gate refused: the code
DIAL_WHOM_OUTCOME = Metric("DialWhomOutcome", "Count", ("outcome",))  # calls.dial_whom.Route, or the error code
DIAL_WHOM_WAIT = Metric("DialWhomWait", "Milliseconds")  # from the request's arrival at API Gateway to our answer
PUSH_OUTCOME = Metric("PushOutcome", "Count", ("outcome",))  # pushes.push.Outcome, per device and attempt
PUSH_ERROR = Metric("PushError", "Count", ("code",))  # the push service's error code, per send not accepted
PUSH_LATENCY = Metric("PushLatency", "Milliseconds")  # from Exotel's request to the push service's 200
STALE_PUSH = Metric("StalePush", "Count")  # too late to ring: outcome stale or too-late
DEVICE_DISABLED = Metric("DeviceDisabled", "Count")  # the token is of another Firebase project or iOS app
TOKEN_OUTCOME = Metric("TokenOutcome", "Count", ("outcome",))  # login and token: `issued`, or the error code
LOGIN_FAILURE = Metric("LoginFailure", "Count")  # a wrong password or id token
LOGIN_THROTTLED = Metric("LoginThrottled", "Count")  # logins refused, without a check, after too many failures
TIMELINE_EVENT = Metric("TimelineEvent", "Count")  # events stored in timelines, without acks
TIMELINE_LAG = Metric("TimelineLag", "Milliseconds")  # from one of our events to its being told by the stream of Calls
EVENT_LOST = Metric("EventLost", "Count")  # events that could neither be stored nor queued
EVENT_DROPPED = Metric("EventDropped", "Count")  # an app's events above the limit of a call and party
UPLOAD_OUTCOME = Metric("UploadOutcome", "Count", ("outcome",))  # log uploads: `unpacked`, or why one is rejected

ALL = tuple(found for found in list(globals().values()) if isinstance(found, Metric))


def emit(measured: Mapping[Metric, float | Sequence[float]], **own: str) -> None:
    """Write the metrics in one line, with `own` as their further dimensions; a metric without a value is left out."""
    left = {m: values if isinstance(values, Sequence) else (values,) for m, values in measured.items()}
    while left := {metric: values for metric, values in left.items() if values}:
        line = _line({metric: values[:MOST_VALUES] for metric, values in left.items()}, own)
        sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")  # one write: other threads write as well
        left = {metric: values[MOST_VALUES:] for metric, values in left.items()}


def _line(measured: Mapping[Metric, Sequence[float]], own: Mapping[str, str]) -> dict[str, Any]:
    """Return an EMF document (Embedded Metric Format specification)."""
    together: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for metric in measured:
        together.setdefault(metric.own, []).append({"Name": metric.name, "Unit": metric.unit})
    directives = [
        {"Namespace": NAMESPACE, "Dimensions": [["service", "stage", *dimensions]], "Metrics": metrics}
        for dimensions, metrics in together.items()
    ]
    return {
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": directives},
        "service": os.environ.get("POWERTOOLS_SERVICE_NAME", "service_undefined"),
        "stage": os.environ.get("STAGE", "dev"),
        **own,
        **{metric.name: values for metric, values in measured.items()},
    }
