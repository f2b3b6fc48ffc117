import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

from cli.app import app
from local.simulators import Simulators
from local.simulators.service_account import new_service_account
from tests.cli.healthy_stack import HealthyStack
from tests.cli.stack_in_moto import WEBHOOK, stack_in_moto
from tests.fakes.webhook_server import webhook_server

REGION = "ap-south-1"
BASE = "https://abc123.execute-api.ap-south-1.amazonaws.com/v1"
OUTPUTS = ("WebhookSecret", "AccountsSecret", "PushSecret")
KEY_FILE = new_service_account("https://oauth2.googleapis.com/token").as_file()
ANSWERS = ("exotel-key-1", "exotel-token-1", "2", "", "08040408080", "")


class Operator:
    """An operator with a stack named `switchboard` in moto; `run` runs a command."""

    def __init__(self) -> None:
        self.secrets = boto3.client("secretsmanager", REGION)
        self.arns = {name: self.secrets.create_secret(Name=f"{name}-x")["ARN"] for name in OUTPUTS}
        self.stack("switchboard", {"ApiBase": BASE} | {f"{name}Arn": arn for name, arn in self.arns.items()})

    def stack(self, name: str, outputs: dict[str, str]) -> None:
        # moto's CloudFormation cannot create secrets, so they are created apart and named in the outputs
        template = {
            "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
            "Outputs": {key: {"Value": value} for key, value in outputs.items()},
        }
        boto3.client("cloudformation", REGION).create_stack(StackName=name, TemplateBody=json.dumps(template))

    def run(self, stack: str, *options: str, answers: tuple[str, ...] = (), **environment: str) -> Result:
        typed = "".join(f"{answer}\n" for answer in answers)
        return CliRunner().invoke(app, ["--stack", stack, "setup", *options], input=typed, env=environment)

    def stored(self, name: str) -> dict[str, Any]:
        return json.loads(self.secrets.get_secret_value(SecretId=self.arns[name])["SecretString"])

    def versions(self) -> list[dict[str, list[str]]]:
        """All versions of all secrets: equal lists mean that nothing was written in between."""
        return [self.secrets.describe_secret(SecretId=arn).get("VersionIdsToStages", {}) for arn in self.arns.values()]


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Operator]:
    for variable in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION", "EXOTEL_ACCOUNT_SID", "FCM_SERVICE_ACCOUNT"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("COLUMNS", "200")
    with mock_aws():
        yield Operator()


@pytest.fixture
def deployment(simulators: Simulators) -> Iterator[HealthyStack]:
    with webhook_server(WEBHOOK) as api, stack_in_moto(api.url) as stack:
        yield HealthyStack(stack, api, simulators)


@pytest.fixture
def service_account(tmp_path: Path) -> Path:
    return service_account_file(tmp_path / "firebase.json")


def service_account_file(path: Path, **changed: object) -> Path:
    content = {
        "type": "service_account",
        "project_id": "demo-project",
        "private_key_id": "0123456789abcdef",
        "private_key": KEY_FILE["private_key"],
        "client_email": "push@demo-project.iam.gserviceaccount.com",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    path.write_text(json.dumps(content | changed))
    return path


def first_setup(operator: Operator, service_account: Path) -> None:
    result = operator.run("switchboard", answers=("demo1m", *ANSWERS, str(service_account), "y"))
    assert result.exit_code == 0, result.output
