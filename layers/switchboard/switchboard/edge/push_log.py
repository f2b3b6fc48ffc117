"""What delivering a push leaves behind for people: one log line and its metrics, without token or payload."""

from collections import Counter

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit, single_metric

from switchboard.domain.push import Attempt, Outcome, Push
from switchboard.edge.observability import logger

_STALE = (Outcome.STALE, Outcome.TOO_LATE)
_FAULTS = (Outcome.REJECTED, Outcome.CONFIGURATION_FAULT, Outcome.MALFORMED)


def observe(push: Push | None, attempt: Attempt, *, message_id: str, receives: int) -> None:
    """Log the attempt and count its outcomes; `receives` is how often the queue has given the message out."""
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
            "reasons": sorted({d.reason for d in attempt.deliveries if d.reason and d.outcome is not Outcome.ACCEPTED}),
            "latency_ms": [d.latency_ms for d in attempt.deliveries if d.latency_ms is not None],
            "retry_after": attempt.retry_after,
        },
    )


def _named(push: Push | None) -> dict[str, object]:
    if push is None:
        return {}
    return {"account": push.account, "subscriber": push.subscriber_name, "push_id": push.push_id}


def _count(attempt: Attempt, outcomes: Counter[Outcome]) -> None:
    for outcome, number in outcomes.items():
        with single_metric(name="PushOutcome", unit=MetricUnit.Count, value=number) as metric:
            metric.add_dimension("outcome", outcome)
    found = EphemeralMetrics()
    for delivery in attempt.deliveries:
        if delivery.latency_ms is not None:
            found.add_metric("PushLatency", MetricUnit.Milliseconds, delivery.latency_ms)
    for name, number in (
        ("StalePush", sum(outcomes[outcome] for outcome in _STALE)),
        ("DeviceSetAside", outcomes[Outcome.SET_ASIDE]),
    ):
        if number:
            found.add_metric(name, MetricUnit.Count, number)
    if found.metric_set:  # Powertools warns of a flush with nothing in it
        found.flush_metrics()
