"""The known quotas: their sizes, sources, and what to do where one is reached."""

from dataclasses import dataclass, replace

from benchmarks.cost import stack
from benchmarks.quotas.limits import WITHOUT_POLLERS, Limits

LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg"
DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide"
CONCURRENCY = f"[quotas]({LAMBDA}/gettingstarted-limits.html), [concurrency]({LAMBDA}/lambda-concurrency.html)"


@dataclass(frozen=True)
class Quota:
    """One of them, with no other in the way."""

    name: str
    limits: Limits
    source: str
    raised: str


def quotas() -> tuple[Quota, ...]:
    """Return those that are known, as a deployment meets them unless somebody raised them."""
    rate, most = stack.parameter("ThrottleRate"), stack.parameter("ThrottleBurst")
    reports, at_once = stack.parameter("ReportThrottleRate"), stack.parameter("ReportThrottleBurst")
    return (
        Quota(
            "Lambda, new account: 10 executions at once, 100 requests a second",
            Limits(concurrency=10),
            f"{CONCURRENCY}: new accounts have fewer executions, all have ten times as many requests",
            "Service Quotas, AWS Lambda, *Concurrent executions* (L-B99A9384), before the first real call",
        ),
        Quota(
            f"the template: {rate:,.0f} requests a second, {most:,.0f} at once",
            Limits(api_rate=rate, api_burst=most),
            "template.yaml: `ThrottleRate`, `ThrottleBurst`",
            "deploy with larger ones",
        ),
        Quota(
            f"the template: {reports:,.0f} reports a second of each kind, {at_once:,.0f} at once",
            Limits(report_rate=reports, report_burst=at_once),
            "template.yaml: `ReportThrottleRate`, `ReportThrottleBurst`",
            "deploy with larger ones: the apps get a 429, no call is affected",
        ),
        Quota(
            "API Gateway: 10,000 requests a second in an account and region, 5,000 at once",
            Limits(api_rate=10_000, api_burst=5_000),
            "[quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html); 2,500 in some newer"
            " regions, Hyderabad among them, not Mumbai",
            "Service Quotas, Amazon API Gateway, *Throttle rate* (L-8A5B8E43)",
        ),
        Quota(
            "DynamoDB, new tables: 4,000 units written and 12,000 read a second in each",
            Limits(table_writes=4_000, table_reads=12_000),
            f"[warm throughput]({DYNAMODB}/warm-throughput.html); a table takes twice its former peak later",
            "DynamoDB, each table, *Warm throughput*: raise it hours before the rush, Calls first",
        ),
        Quota(
            "DynamoDB: 40,000 units written and 40,000 read a second in any table",
            Limits(table_writes=40_000, table_reads=40_000),
            f"[quotas]({DYNAMODB}/ServiceQuotas.html)",
            "Service Quotas, Amazon DynamoDB, *Table-level write throughput limit* and *… read …*",
        ),
        Quota(
            "DynamoDB, new tables: streams of 4 shards, a batch at a time of each",
            Limits(shards=4),
            f"1,000 writes a second in a [partition]({DYNAMODB}/warm-throughput-scenarios.html), whose changes are a"
            f" shard's; one batch of each [unless told]({LAMBDA}/services-ddb-params.html)",
            "deploy with a larger `StreamBatches`; warm Calls",
        ),
        Quota(
            "Lambda: 1,000 executions at once, 10,000 requests a second",
            Limits(concurrency=1_000),
            CONCURRENCY,
            "Service Quotas, AWS Lambda, *Concurrent executions* (L-B99A9384)",
        ),
        Quota(
            "Lambda: 1,000 more environments of a function in 10 s",
            replace(WITHOUT_POLLERS, starts=100, starts_at_once=1_000),
            f"[scaling behavior]({LAMBDA}/scaling-behavior.html): refilled steadily, never more than 1,000",
            "cannot be raised: provisioned concurrency for the hot functions before the rush (`HotStart`)",
        ),
        Quota(
            "SQS pollers: 5 batches at once, 300 more a minute, at most 1,250",
            Limits(),
            f"[scaling of SQS event sources]({LAMBDA}/services-sqs-scaling.html); older copies say 1,000 at most",
            "provisioned mode of the event source: pollers that stand by, three times as many more a minute",
        ),
        Quota(
            "FCM: 600,000 messages a minute and project",
            replace(WITHOUT_POLLERS, fcm_a_minute=600_000),
            "[throttling and quotas](https://firebase.google.com/docs/cloud-messaging/throttling-and-quotas)",
            "Google Cloud console, *Firebase Cloud Messaging API*, *Quotas & System Limits*: 15 days before",
        ),
    )
