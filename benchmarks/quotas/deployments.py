"""All limits together, as deployments of the template meet them."""

from dataclasses import dataclass, replace

from benchmarks.quotas.known import quotas
from benchmarks.quotas.limits import NONE, Limits

MOST_BATCHES = 10  # of a shard at once: Lambda's largest ParallelizationFactor


@dataclass(frozen=True)
class Deployment:
    """The template in an account, and what was raised for it, beside what was for the one before."""

    name: str
    raised: str
    limits: Limits


def usual(concurrency: float = 1_000) -> Limits:
    """Return all limits together, as they are in an account with this concurrency."""
    together = Limits()
    for quota in quotas():
        own = {name: value for name, value in vars(quota.limits).items() if value != NONE}
        together = replace(together, **{name: min(value, getattr(together, name)) for name, value in own.items()})
    return replace(together, concurrency=concurrency)


def deployments() -> tuple[Deployment, ...]:
    """Return what the picture compares: the same template, with more and more raised."""
    account = usual()
    own = replace(account, api_rate=10_000, api_burst=5_000, report_rate=3_000, report_burst=5_000)
    own = replace(own, shards=own.shards * MOST_BATCHES)
    grown = replace(usual(10_000), api_rate=100_000, api_burst=50_000, shards=400)
    grown = replace(grown, report_rate=100_000, report_burst=50_000)
    return (
        Deployment("new account", "nothing", usual(concurrency=10)),
        Deployment("usual account", "*Concurrent executions* to 1,000", account),
        Deployment(
            "own throttle",
            "`ThrottleRate` to 10,000, `ReportThrottleRate` to 3,000, both bursts to 5,000, `StreamBatches` to 10",
            own,
        ),
        Deployment(
            "all raised",
            "*Throttle rate*, `ThrottleRate` and `ReportThrottleRate` to 100,000, *Concurrent executions* to 10,000,"
            " tables warmed to 40,000",
            replace(grown, table_writes=40_000, table_reads=40_000),
        ),
    )
