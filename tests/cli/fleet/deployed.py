"""A stack named `switchboard` with the template's tables and queues, in moto or in the emulator, and its two sides."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from local.simulators import DEMO_ACCOUNTS, Simulators
from switchboard.subscribers.dynamodb import DynamoSubscribers
from tests.sam_template import resources

ACCOUNT = "demo1m"
_TABLE = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


class Deployed:
    """`client` makes AWS clients; the stack is deployed at once."""

    def __init__(self, client: Callable[[str], Any], simulators: Simulators) -> None:
        self.client, self.simulators = client, simulators
        self.faults = simulators.faults
        secrets = {f"{name}Secret": self._secret(name, value) for name, value in self._secrets().items()}
        outputs = {"ApiBase": "https://api.example.com/v1"} | {f"{name}Arn": arn for name, arn in secrets.items()}
        cloudformation = client("cloudformation")
        template = {
            "Resources": _tables() | _queues(),
            "Outputs": {name: {"Value": value} for name, value in outputs.items()},
        }
        cloudformation.create_stack(StackName="switchboard", TemplateBody=json.dumps(template))
        cloudformation.get_waiter("stack_create_complete").wait(StackName="switchboard", WaiterConfig={"Delay": 1})
        found = cloudformation.describe_stack_resources(StackName="switchboard")["StackResources"]
        self.resources = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found}
        self.subscribers = DynamoSubscribers(client("dynamodb"), self.resources["SubscribersTable"])

    def here(self) -> Mapping[str, str]:
        """Our subscribers: status by name."""
        return {one.name: str(one.status) for one in self.subscribers.listed(ACCOUNT)}

    def exotel(self) -> Mapping[str, str]:
        """Exotel's subscribers: status by name."""
        return {one.name: one.status for one in self.simulators.exotel.subscribers.listed(ACCOUNT)}

    def _secrets(self) -> Mapping[str, object]:
        key, token = DEMO_ACCOUNTS[ACCOUNT]
        entry = {"api_key": key, "api_token": token, "api_host": self.simulators.exotel_url}
        entry |= {"sdk_host": "https://sdk.example.com", "exophone": "08040408080"}
        return {"Accounts": {"server_key": "k", "accounts": {ACCOUNT: entry}}, "Webhook": {}, "Push": {}}

    def _secret(self, name: str, value: object) -> str:
        made = self.client("secretsmanager").create_secret(Name=f"{name}-x", SecretString=json.dumps(value))
        return str(made["ARN"])


def _tables() -> dict[str, Any]:
    return {
        name: {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {"BillingMode": "PAY_PER_REQUEST"} | {k: given[k] for k in _TABLE if k in given},
        }
        for name, given in resources("AWS::DynamoDB::Table").items()
    }


def _queues() -> dict[str, Any]:
    return {name: {"Type": "AWS::SQS::Queue", "Properties": {}} for name in resources("AWS::SQS::Queue")}
