"""Deploys the built template to the emulator with the SAM CLI."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.aws import Aws
from local.errors import LocalStackError

STACK = "switchboard-local"
ARTIFACTS = "switchboard-local-artifacts"


@dataclass(frozen=True)
class Deployment:
    """A deployed stack: its outputs by name, and its resources' physical ids by logical id."""

    outputs: Mapping[str, str]
    resources: Mapping[str, str]


def deploy(aws: Aws, sam: Path, template: Path, parameters: Mapping[str, str], log: Path) -> Deployment:
    """Create the stack and answer what is in it; raises LocalStackError, with the reason that is in the log."""
    if not sam.exists():
        raise LocalStackError(f"no SAM CLI at {sam}: run `make tools`")
    if not template.exists():
        raise LocalStackError(f"no built template at {template}: run `make build-host`")
    aws.s3.create_bucket(Bucket=ARTIFACTS)
    with log.open("wb") as output:
        done = subprocess.run(
            _command(sam, template, parameters),
            # The built template's folder: samconfig.toml, which is about real accounts, is not read there.
            cwd=template.parent,
            env=aws.environment() | {"SAM_CLI_POLL_DELAY": "0.2", "SAM_CLI_TELEMETRY": "0"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        )
    if done.returncode:
        raise LocalStackError(f"the deploy failed: {_reason(log)} (all of it in {log})")
    return _deployment(aws)


def _command(sam: Path, template: Path, parameters: Mapping[str, str]) -> list[str | Path]:
    overrides = [f"{name}={value}" for name, value in parameters.items()]
    return [
        *(sam, "deploy", "--template-file", template, "--stack-name", STACK, "--s3-bucket", ARTIFACTS),
        *("--capabilities", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"),
        *("--no-confirm-changeset", "--no-progressbar", "--on-failure", "DO_NOTHING"),
        *(["--parameter-overrides", *overrides] if overrides else []),
    ]


def _reason(log: Path) -> str:
    """The first line of a log that speaks of a failure, else its last one."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    failures = [line for line in lines if "FAILED" in line or line.startswith(("Error", "Waiter"))]
    return " ".join((failures or lines or ["no output"])[0 if failures else -1].split())


def _deployment(aws: Aws) -> Deployment:
    stack = aws.cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    resources = aws.cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    return Deployment(
        outputs={output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])},
        resources={one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in resources},
    )
