"""The log line and the metrics of a delivery attempt, without token or payload."""

from collections import Counter
from collections.abc import Sequence

from switchboard.foundation.errors import AwsError, UnavailableError
from switchboard.pushes.codes import error_code
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.push import Attempt, Outcome, Push
from switchboard.runtime import metrics
from switchboard.runtime.log import logger, named

_ACCEPTED = "200"  # not logged as a reason
_STALE = (Outcome.STALE, Outcome.TOO_LATE)
_FAULTS = (Outcome.REJECTED, Outcome.CONFIGURATION_FAULT, Outcome.MALFORMED)
_REFUSED = (
    *(Outcome.DEAD_TOKEN, Outcome.DISABLED, Outcome.RETRY),
    *(Outcome.REJECTED, Outcome.CONFIGURATION_FAULT, Outcome.TOO_LATE),
)


def observe(push: Pushed | None, attempt: Attempt, *, message_id: str, receives: int) -> None:
    """Log the attempt and count its outcomes; `receives` is how often the message has been received."""
    outcomes = Counter(delivery.outcome for delivery in attempt.deliveries)
    _count(attempt, outcomes)
    log = logger.error if any(outcome in _FAULTS for outcome in outcomes) else logger.info
    log(
        "delivered",
        extra={
            **_named(push),
            "message_id": message_id,
            "receives": receives,
            "outcomes": dict(outcomes),
            "reasons": sorted({d.reason for d in attempt.deliveries if d.reason not in ("", _ACCEPTED)}),
            "latency_ms": [d.latency_ms for d in attempt.deliveries if d.latency_ms is not None],
            "retry_after": attempt.retry_after,
        },
    )


def _named(push: Pushed | None) -> dict[str, object]:
    if push is None:
        return {}
    named: dict[str, object] = {"account": push.account, "subscriber": push.subscriber_name, "push_id": push.push_id}
    return named if isinstance(push, Push) else named | {"type": push.type}


def _count(attempt: Attempt, outcomes: Counter[Outcome]) -> None:
    latencies = [delivery.latency_ms for delivery in attempt.deliveries if delivery.latency_ms is not None]
    stale = sum(outcomes[outcome] for outcome in _STALE)
    counts = {metrics.STALE_PUSH: stale, metrics.DEVICE_DISABLED: outcomes[Outcome.DISABLED]}
    once: dict[metrics.Metric, float | Sequence[float]] = {metrics.PUSH_LATENCY: latencies}
    once |= {metric: number for metric, number in counts.items() if number}
    for outcome, number in outcomes.items():
        metrics.emit({metrics.PUSH_OUTCOME: number, **once}, outcome=outcome)
        once = {}  # in one line with the first outcome
    refused = Counter(error_code(d.reason) for d in attempt.deliveries if d.reason and d.outcome in _REFUSED)
    for code, number in refused.items():
        metrics.emit({metrics.PUSH_ERROR: number}, code=code)


def reason_of(fault: Exception) -> str:
    """Return why a push was not sent; an unexpected fault is logged with its stack trace."""
    if not isinstance(fault, UnavailableError | AwsError):
        logger.exception("failed")
    return fault.message if isinstance(fault, UnavailableError) else named(fault)
