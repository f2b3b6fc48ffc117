"""Adapts the built template to the emulator: removes CodeDeploy, and nothing else."""

from pathlib import Path
from typing import Any

import yaml

from local.errors import LocalStackError

FUNCTION = "AWS::Serverless::Function"


def read_built_template(file: Path) -> dict[str, Any]:
    """Return the template that `sam build` wrote; raises LocalStackError if there is none."""
    try:
        template = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # in C: Python takes a second
    except OSError as error:
        raise LocalStackError(f"no built template at {file}: run `make build-host`") from error
    if not isinstance(template, dict):
        raise LocalStackError(f"{file} is not a template: run `make build-host`")
    return template


def strip_codedeploy(template: dict[str, Any]) -> list[str]:
    """Remove gradual deployments from a template, in place, and return the removed parts as dotted paths.

    SAM makes CodeDeploy resources and a role from them, which the emulator refuses.
    """
    removed = []
    for name, resource in template.get("Resources", {}).items():
        if resource["Type"] == FUNCTION and resource["Properties"].pop("DeploymentPreference", None) is not None:
            removed.append(f"Resources.{name}.Properties.DeploymentPreference")
    return removed
