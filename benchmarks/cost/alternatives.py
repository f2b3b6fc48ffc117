"""What other services of AWS would save, and from which volume on. None of them is built.

Prices are of us-east-1 and unconfirmed: what was generally known of AWS's lists in 2026.
"""

from dataclasses import dataclass

from benchmarks.cost import stack
from benchmarks.cost.bill import REGIONS, by_part, prices, usd
from benchmarks.cost.usage import Month
from benchmarks.generated import table

HOURS = stack.DAYS * 24
MANY = 100e6  # calls a month
ALB_HOUR, LCU_HOUR, CONNECTIONS = 0.0225, 0.008, 25  # a capacity unit takes so many new connections a second
WRITE_HOUR, READ_HOUR, USED = 0.00065, 0.00013, 0.4  # of a provisioned unit; how much of it is used, on average
FIREHOSE_GB = 0.029
WEBHOOKS = ("dial whom", "accept push", "call event", "call event of the answer", "call event of the end")


@dataclass(frozen=True)
class Alternative:
    """`saves` in US dollars a month at MANY calls; `calls` a month from which on it saves anything."""

    name: str
    saves: float
    calls: float
    loses: str


def _all() -> list[Alternative]:
    price, month = prices(REGIONS[0]), Month(MANY)
    used, bill = month.usage(), by_part(month.usage(), price)
    requests = (used["http_api_request"] + used["http_api_request_above_300m"]) / MANY
    each = price["http_api_request"].of(1)
    balanced = HOURS * (ALB_HOUR + LCU_HOUR * requests * MANY / HOURS / 3600 / CONNECTIONS)
    of_a_request = LCU_HOUR / 3600 / CONNECTIONS
    hooks = sum(times for step, times, _ in month.call.steps() if step in WEBHOOKS)
    writes, reads = bill["DynamoDB writes"], bill["DynamoDB reads"]
    less = [
        1 - hour / 3600 / USED / price[unit].of(1)
        for hour, unit in ((WRITE_HOUR, "dynamodb_write_unit"), (READ_HOUR, "dynamodb_read_unit"))
    ]
    logged = used["log_gb"] * (price["log_gb"].of(1) - FIREHOSE_GB)
    return [
        Alternative(
            "an ALB in place of the HTTP API",
            bill["API Gateway requests"] - balanced,
            HOURS * ALB_HOUR / (requests * (each - of_a_request)),
            "throttles (WAF's rules by the request), another event format, a VPC",
        ),
        Alternative(
            "function URLs for Exotel's webhooks only",
            hooks * MANY * price["http_api_request_above_300m"].of(1),
            1,
            "throttles, the access log, one domain; the apps' routes would need CloudFront, at the API's own price",
        ),
        Alternative(
            f"provisioned tables with auto scaling, {USED:.0%} used",
            writes * less[0] + reads * less[1],
            1e6,
            f"bursts: auto scaling takes minutes; dearer where less than {USED * (1 - less[0]):.0%} is used",
        ),
        Alternative(
            "our log lines through Firehose to S3",
            logged,
            1,
            "Logs Insights and its saved queries; metrics must stay in CloudWatch",
        ),
    ]


def _saved(one: Alternative) -> float:
    return -one.saves


def _from(calls: float) -> str:
    return f"{calls / 1e6:,.1f} million" if calls > 1 else "the first"


def alternatives() -> str:
    """Return the table of docs/cost.md, and what a million calls would cost with those that go together."""
    found = _all()
    rows = [[one.name, usd(one.saves / MANY * 1e6), _from(one.calls), one.loses] for one in sorted(found, key=_saved)]
    now = sum(by_part(Month(MANY).usage(), prices(REGIONS[0])).values())
    both = next(one.saves for one in found if one.name.startswith("function URLs"))  # an ALB takes the webhooks too
    left = (now - sum(one.saves for one in found) + both) / MANY * 1e6
    head = ["instead", "saves at 100 million a month, USD per million", "from so many calls a month on", "loses"]
    said = (
        f"With the ALB and all but the function URLs, a million calls would cost {left:.0f} dollars at 100 million a"
        f" month, in place of {now / MANY * 1e6:.0f}."
    )
    return table(head, rows) + "\n\n" + said
