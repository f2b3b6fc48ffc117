"""Clients of the emulator's AWS, with the rights of the account's root."""

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from local.emulator.process import ADMIN_KEY, ADMIN_SECRET, REGION

if TYPE_CHECKING:
    from types_boto3_apigatewayv2 import ApiGatewayV2Client
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sqs import SQSClient

PATHS = Config(s3={"addressing_style": "path"})


@dataclass(frozen=True)
class Aws:
    """Clients of the emulator at `endpoint`, signed by the root of its account."""

    endpoint: str

    def environment(self) -> dict[str, str]:
        """Environment variables for a child process that uses this AWS."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAM_"))}
        return ours | {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": ADMIN_KEY,
            "AWS_SECRET_ACCESS_KEY": ADMIN_SECRET,
            "AWS_DEFAULT_REGION": REGION,
        }

    @cached_property
    def session(self) -> boto3.Session:
        """A boto3 session of the root; its clients need `endpoint_url=endpoint`."""
        return boto3.Session(aws_access_key_id=ADMIN_KEY, aws_secret_access_key=ADMIN_SECRET, region_name=REGION)

    @cached_property
    def cloudformation(self) -> "CloudFormationClient":
        """Stacks and their resources."""
        return self.session.client("cloudformation", endpoint_url=self.endpoint)

    @cached_property
    def gateway(self) -> "ApiGatewayV2Client":
        """HTTP APIs and their routes."""
        return self.session.client("apigatewayv2", endpoint_url=self.endpoint)

    @cached_property
    def s3(self) -> "S3Client":
        """Buckets."""
        return self.session.client("s3", endpoint_url=self.endpoint, config=PATHS)

    @cached_property
    def secrets(self) -> "SecretsManagerClient":
        """Secrets."""
        return self.session.client("secretsmanager", endpoint_url=self.endpoint)

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """Tables."""
        return self.session.client("dynamodb", endpoint_url=self.endpoint)

    @cached_property
    def functions(self) -> Any:  # noqa: ANN401 - the stubs of Lambda are not among ours
        """Functions and layers."""
        return self.session.client("lambda", endpoint_url=self.endpoint)

    @cached_property
    def sqs(self) -> "SQSClient":
        """Queues."""
        return self.session.client("sqs", endpoint_url=self.endpoint)

    def queued(self, queue_url: str) -> int:
        """How many messages a queue holds, those in flight included."""
        return sum(self.depth(queue_url))

    def depth(self, queue_url: str) -> tuple[int, int]:
        """How many messages of a queue wait, and how many are in flight."""
        got = self.sqs.get_queue_attributes(
            QueueUrl=queue_url, AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        )
        found = got["Attributes"]
        return int(found["ApproximateNumberOfMessages"]), int(found["ApproximateNumberOfMessagesNotVisible"])
