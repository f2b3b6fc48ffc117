"""The built template's tables, queues, buckets and secrets in moto; they bear their logical ids."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import boto3

REGION = "ap-south-1"
_OF_TABLE = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


def _table(name: str, properties: Mapping[str, Any]) -> str:
    taken = {key: properties[key] for key in _OF_TABLE if key in properties}
    boto3.client("dynamodb", REGION).create_table(TableName=name, **taken)
    return name


def _queue(name: str, _properties: Mapping[str, Any]) -> str:
    return boto3.client("sqs", REGION).create_queue(QueueName=name)["QueueUrl"]


def _bucket(name: str, _properties: Mapping[str, Any]) -> str:
    where: Any = {"LocationConstraint": REGION}
    boto3.client("s3", REGION).create_bucket(Bucket=name.lower(), CreateBucketConfiguration=where)
    return name.lower()


def _secret(name: str, _properties: Mapping[str, Any]) -> str:
    return boto3.client("secretsmanager", REGION).create_secret(Name=name)["ARN"]


_MAKERS: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "AWS::DynamoDB::Table": _table,
    "AWS::SQS::Queue": _queue,
    "AWS::S3::Bucket": _bucket,
    "AWS::SecretsManager::Secret": _secret,
}


def create(template: Mapping[str, Any], secrets: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Create them, fill the secrets, and return what `!Ref` gives for each, and for each parameter its default."""
    references = {name: str(parameter.get("Default", "")) for name, parameter in template["Parameters"].items()}
    for name, resource in template["Resources"].items():
        if make := _MAKERS.get(resource["Type"]):
            references[name] = make(name, resource["Properties"])
    for name, value in secrets.items():
        boto3.client("secretsmanager", REGION).put_secret_value(
            SecretId=references[name], SecretString=json.dumps(value)
        )
    return references
