"""Small stacks in the emulator's CloudFormation: parts of the template, tried without the rest of it."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.deployment.aws import Aws
from local.emulator.process import Emulator
from local.emulator.run_folder import scratch_folder
from local.stack import EMULATOR

_PATIENCE_SECONDS = 120.0  # only a stack that hangs takes so long


@contextmanager
def emulated(home: Path) -> Iterator[Aws]:
    """Run an emulator with nothing in it."""
    with scratch_folder(home) as scratch, Emulator(EMULATOR, home, scratch) as emulator:
        yield Aws(emulator.url)


@dataclass(frozen=True)
class SmallStack:
    """A stack by its name; each method returns the status in which the operation ends."""

    aws: Aws
    name: str

    def create(self, template: Mapping[str, Any], **parameters: str) -> str:
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        made = self.aws.cloudformation.create_stack(
            StackName=self.name,
            TemplateBody=json.dumps(template),
            Parameters=given,  # type: ignore[arg-type]
            Capabilities=["CAPABILITY_IAM"],
        )
        return self._ended(made["StackId"])

    def update(self, template: Mapping[str, Any]) -> str:
        made = self.aws.cloudformation.update_stack(
            StackName=self.name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
        )
        return self._ended(made["StackId"])

    def delete(self) -> str:
        stack_id = self.aws.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]["StackId"]
        self.aws.cloudformation.delete_stack(StackName=self.name)
        return self._ended(stack_id)

    def resources(self) -> dict[str, str]:
        """Physical ids by logical id."""
        found = self.aws.cloudformation.describe_stack_resources(StackName=self.name)["StackResources"]
        return {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in found}

    def reasons(self) -> str:
        """What the stack's events say, all of it."""
        events = self.aws.cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        return "\n".join(event.get("ResourceStatusReason", "") for event in events)

    def _ended(self, stack_id: str) -> str:
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            status = self.aws.cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]
            if not status.endswith("_IN_PROGRESS"):
                return status
            time.sleep(0.1)
        raise AssertionError(f"{self.name} is still {status}")
