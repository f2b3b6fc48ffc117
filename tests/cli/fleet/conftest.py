import json
import os
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

from cli.app import app
from local.simulators import running_simulators
from switchboard.login import passwords
from tests.cli.fleet.deployed import Deployed

REGION = "ap-south-1"


class Fleet(Deployed):
    """A deployed stack in moto with the simulated Exotel, and an operator at the command line."""

    def run(self, *arguments: str, answer: str = "") -> Result:
        return CliRunner().invoke(app, list(arguments), input=answer)

    def json(self, *arguments: str, exit_code: int = 0) -> Any:
        result = self.run("--json", *arguments)
        assert result.exit_code == exit_code, f"{result.output} {result.exception!r}"
        assert isinstance(result.exception, SystemExit | None), repr(result.exception)
        return json.loads(result.stdout)


@pytest.fixture
def fleet(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    for variable in [name for name in os.environ if name.startswith(("AWS_", "EXOTEL_", "SUBSCRIBER_"))]:
        monkeypatch.delenv(variable)
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(passwords, "_MEMORY_KIB", 64)  # an import hashes hundreds of passwords
    with mock_aws(), running_simulators() as simulators:
        yield Fleet(lambda service: boto3.client(service, REGION), simulators)  # type: ignore[call-overload]
