"""The limits that stand between a burst of calls and ringing phones, and where each number comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from benchmarks.cost import stack

NONE = float("inf")


@dataclass(frozen=True)
class Limits:
    """Of an account and its deployment; rates a second, unless they say otherwise. None binds unless given."""

    api_rate: float = NONE
    api_burst: float = NONE
    concurrency: float = NONE
    starts: float = NONE  # environments that a function may begin to start
    pollers_at_first: float = NONE
    pollers_more: float = NONE
    pollers_most: float = NONE
    table_writes: float = NONE
    fcm_a_minute: float = NONE


@dataclass(frozen=True)
class Quota:
    """One of them: what it is, who says so, and what to do where it binds."""

    name: str
    limits: Limits
    source: str
    raised: str


def quotas() -> tuple[Quota, ...]:
    """Return those that are known, as a deployment meets them unless somebody raised them."""
    rate, most = stack.parameter("ThrottleRate"), stack.parameter("ThrottleBurst")
    return (
        Quota(
            "Lambda: 10 executions at once, in a new account",
            Limits(concurrency=10),
            "Lambda's guide, quotas: new accounts have fewer",
            "ask for 1,000 in Service Quotas (L-B99A9384), before the first real call",
        ),
        Quota(
            f"the template: {rate:,.0f} requests a second, {most:,.0f} at once",
            Limits(api_rate=rate, api_burst=most),
            "template.yaml: `ThrottleRate`, `ThrottleBurst`",
            "deploy with larger ones",
        ),
        Quota(
            "API Gateway: 10,000 requests a second in an account and region",
            Limits(api_rate=10_000, api_burst=5_000),
            "API Gateway's guide, quotas; 2,500 in some newer regions, Hyderabad among them, not Mumbai",
            "ask in Service Quotas (L-8A5B8E43)",
        ),
        Quota(
            "DynamoDB: 4,000 units written a second, in a new table on demand",
            Limits(table_writes=4_000),
            "DynamoDB's guide, warm throughput; a table takes twice its former peak later, and 40,000 is its quota",
            "set a higher warm throughput for Deliveries (and Calls) before the rush",
        ),
        Quota(
            "Lambda: 1,000 executions at once",
            Limits(concurrency=1_000),
            "Lambda's guide, quotas",
            "ask for more in Service Quotas (L-B99A9384)",
        ),
        Quota(
            "Lambda: 1,000 more environments of a function in 10 s",
            Limits(starts=100),
            "Lambda's guide, scaling behavior",
            "cannot be raised: provisioned concurrency for the hot functions before the rush (`HotStart`)",
        ),
        Quota(
            "SQS pollers: 5 batches at once, 300 more a minute, at most 1,250",
            Limits(pollers_at_first=5, pollers_more=5, pollers_most=1_250),
            "Lambda's guide, scaling of SQS event source mappings",
            "provisioned mode of the event source: pollers that stand by, 1,000 more a minute",
        ),
        Quota(
            "FCM: 600,000 messages a minute and project",
            Limits(fcm_a_minute=600_000),
            "FCM's guide, throttling and quotas",
            "ask Google, 15 days before; at most 25 % more without an event that explains it",
        ),
    )


def usual(concurrency: float = 1_000) -> Limits:
    """Return all limits together, as they are in an account with this concurrency."""
    together = Limits()
    for quota in quotas():
        own = {name: value for name, value in vars(quota.limits).items() if value != NONE}
        together = replace(together, **{name: min(value, getattr(together, name)) for name, value in own.items()})
    return replace(together, concurrency=concurrency)


def deployments() -> Mapping[str, Limits]:
    """Return what the picture compares: the same template, with more and more raised."""
    throttled = replace(usual(), api_rate=10_000, api_burst=5_000)
    grown = replace(throttled, api_rate=100_000, api_burst=50_000, table_writes=40_000, concurrency=10_000)
    return {
        "new account": usual(concurrency=10),
        "usual account, template as it is": usual(),
        "throttle at the account's own": throttled,
        "all that can be raised": grown,
    }
