"""The limits that stand between a burst of calls and ringing phones, and where each number comes from."""

from dataclasses import dataclass, replace

from benchmarks.cost import stack

NONE = float("inf")


@dataclass(frozen=True)
class Limits:
    """Of an account and its deployment; rates a second, unless they say otherwise. None binds unless given.

    But for the pollers, which are what takes batches out of queues: five at first, five more each second.
    """

    api_rate: float = NONE
    api_burst: float = NONE
    concurrency: float = NONE
    starts: float = NONE  # environments that a function may begin to start
    starts_at_once: float = NONE
    pollers_at_first: float = 5
    pollers_more: float = 5
    pollers_most: float = 1_250
    record_most: float = NONE  # batches of facts at once, whatever pollers there are
    shards: float = NONE  # of the stream, of each of which one batch is worked off at a time
    table_writes: float = NONE
    table_reads: float = NONE
    fcm_a_minute: float = NONE

    @property
    def invocations(self) -> float:
        """Return how many requests a second Lambda takes, however short they are."""
        return 10 * self.concurrency


WITHOUT_POLLERS = Limits(pollers_at_first=NONE)  # as if enough of them stood by


@dataclass(frozen=True)
class Quota:
    """One of them: what it is, who says so, and what to do where it binds."""

    name: str
    limits: Limits
    source: str
    raised: str


@dataclass(frozen=True)
class Deployment:
    """The template in an account, and what was raised for it, beside what was for the one before."""

    name: str
    raised: str
    limits: Limits


def quotas() -> tuple[Quota, ...]:
    """Return those that are known, as a deployment meets them unless somebody raised them."""
    rate, most = stack.parameter("ThrottleRate"), stack.parameter("ThrottleBurst")
    return (
        Quota(
            "Lambda, new account: 10 executions at once, 100 requests a second",
            Limits(concurrency=10),
            "Lambda's guide, quotas and concurrency: new accounts have fewer executions; ten times as many requests",
            "Service Quotas, AWS Lambda, *Concurrent executions* (L-B99A9384), before the first real call",
        ),
        Quota(
            f"the template: {rate:,.0f} requests a second, {most:,.0f} at once",
            Limits(api_rate=rate, api_burst=most),
            "template.yaml: `ThrottleRate`, `ThrottleBurst`",
            "deploy with larger ones",
        ),
        Quota(
            f"the template: {stack.parameter('RecordConcurrency'):,.0f} batches of facts at once",
            Limits(record_most=stack.parameter("RecordConcurrency")),
            "template.yaml: `RecordConcurrency`",
            "deploy with a larger one, once the account has more than ten executions",
        ),
        Quota(
            "API Gateway: 10,000 requests a second in an account and region, 5,000 at once",
            Limits(api_rate=10_000, api_burst=5_000),
            "API Gateway's guide, quotas; 2,500 in some newer regions, Hyderabad among them, not Mumbai",
            "Service Quotas, Amazon API Gateway, *Throttle rate* (L-8A5B8E43)",
        ),
        Quota(
            "DynamoDB, new tables: 4,000 units written and 12,000 read a second in each",
            Limits(table_writes=4_000, table_reads=12_000),
            "DynamoDB's guide, warm throughput; a table takes twice its former peak later",
            "DynamoDB, each table, *Warm throughput*: raise it hours before the rush, Calls first",
        ),
        Quota(
            "DynamoDB: 40,000 units written and 40,000 read a second in any table",
            Limits(table_writes=40_000, table_reads=40_000),
            "DynamoDB's guide, quotas",
            "Service Quotas, Amazon DynamoDB, *Table-level write throughput limit* and *… read …*",
        ),
        Quota(
            "DynamoDB, new table: a stream of 4 shards, a batch at a time of each",
            Limits(shards=4),
            "DynamoDB's guide: a partition takes 1,000 writes a second, and a shard of the stream follows a partition;"
            " Lambda's guide: `ParallelizationFactor` is 1 unless told",
            "template.yaml, RecordCall's `Stream`: a larger `ParallelizationFactor`; warm CallContexts",
        ),
        Quota(
            "Lambda: 1,000 executions at once, 10,000 requests a second",
            Limits(concurrency=1_000),
            "Lambda's guide, quotas and concurrency",
            "Service Quotas, AWS Lambda, *Concurrent executions* (L-B99A9384)",
        ),
        Quota(
            "Lambda: 1,000 more environments of a function in 10 s",
            replace(WITHOUT_POLLERS, starts=100, starts_at_once=1_000),
            "Lambda's guide, scaling behavior: refilled steadily, never more than 1,000",
            "cannot be raised: provisioned concurrency for the hot functions before the rush (`HotStart`)",
        ),
        Quota(
            "SQS pollers: 5 batches at once, 300 more a minute, at most 1,250",
            Limits(),
            "Lambda's guide, scaling of SQS event source mappings",
            "provisioned mode of the event source: pollers that stand by, three times as many more a minute",
        ),
        Quota(
            "FCM: 600,000 messages a minute and project",
            replace(WITHOUT_POLLERS, fcm_a_minute=600_000),
            "FCM's guide, throttling and quotas",
            "Google Cloud console, *Firebase Cloud Messaging API*, *Quotas & System Limits*: 15 days before",
        ),
    )


def usual(concurrency: float = 1_000) -> Limits:
    """Return all limits together, as they are in an account with this concurrency."""
    together = Limits()
    for quota in quotas():
        own = {name: value for name, value in vars(quota.limits).items() if value != NONE}
        together = replace(together, **{name: min(value, getattr(together, name)) for name, value in own.items()})
    return replace(together, concurrency=concurrency)


def deployments() -> tuple[Deployment, ...]:
    """Return what the picture compares: the same template, with more and more raised."""
    account = replace(usual(), record_most=100)
    own = replace(account, api_rate=10_000, api_burst=5_000, record_most=500)
    grown = replace(usual(10_000), api_rate=100_000, api_burst=50_000, record_most=1_000, shards=40)
    return (
        Deployment("new account", "nothing", usual(concurrency=10)),
        Deployment("usual account", "*Concurrent executions* to 1,000; `RecordConcurrency` to 100", account),
        Deployment(
            "own throttle", "`ThrottleRate` to 10,000, `ThrottleBurst` to 5,000, `RecordConcurrency` to 500", own
        ),
        Deployment(
            "all raised",
            "*Throttle rate* and `ThrottleRate` to 100,000, *Concurrent executions* to 10,000, `RecordConcurrency` to"
            " 1,000; tables warmed to 40,000",
            replace(grown, table_writes=40_000, table_reads=40_000),
        ),
    )
