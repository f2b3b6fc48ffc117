"""What a bill is made of: the parts, and the priced things that each is the sum of."""

from collections.abc import Mapping

from benchmarks.cost.bill import Month, Usage
from benchmarks.cost.call import Call
from benchmarks.cost.prices import Price

PARTS: Mapping[str, tuple[str, ...]] = {
    "API Gateway requests": ("http_api_request", "http_api_request_above_300m"),
    "Lambda requests": ("lambda_request",),
    "Lambda GB-seconds": ("lambda_gb_second",),
    "DynamoDB writes": ("dynamodb_write_unit",),
    "DynamoDB reads": ("dynamodb_read_unit",),
    "DynamoDB storage, point-in-time recovery": ("dynamodb_gb_month", "dynamodb_pitr_gb_month"),
    "SQS requests": ("sqs_request",),
    "S3 (log uploads)": ("s3_put", "s3_get", "s3_gb_month"),
    "CloudWatch logs": ("log_gb", "log_gb_month"),
    "CloudWatch metrics, alarms, dashboard": ("metric_month", "alarm_month", "dashboard_month"),
    "Secrets Manager, KMS": ("secret_month", "secret_read", "kms_request"),
    "Data transfer out": ("transfer_gb",),
    "FCM": ("fcm_message",),
}


def by_part(usage: Usage, prices: Mapping[str, Price]) -> dict[str, float]:
    """Return the dollars of each part."""
    return {part: sum(prices[item].of(usage[item]) for item in items) for part, items in PARTS.items()}


def per_million(prices: Mapping[str, Price], call: Call | None = None) -> dict[str, float]:
    """Return what a million calls cost where there is already traffic: what they add to a month of ten million."""
    call = call or Call()
    ten, eleven = (by_part(Month(millions * 1e6, call).usage(), prices) for millions in (10, 11))
    return {part: eleven[part] - ten[part] for part in PARTS}
