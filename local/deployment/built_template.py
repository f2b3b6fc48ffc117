"""The built template, made fit for the emulator: CodeDeploy is taken out, and nothing else."""

from pathlib import Path
from typing import Any

import yaml

from local.errors import LocalStackError

FUNCTION = "AWS::Serverless::Function"


def read_built_template(file: Path) -> dict[str, Any]:
    """The template that `sam build` wrote; raises LocalStackError where there is none."""
    try:
        template = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise LocalStackError(f"no built template at {file}: run `make build-host`") from error
    if not isinstance(template, dict):
        raise LocalStackError(f"{file} is no template: run `make build-host`")
    return template


def strip_codedeploy(template: dict[str, Any]) -> list[str]:
    """Take gradual deployments out of a template, in place, and answer what was removed, as dotted paths.

    SAM makes resources of CodeDeploy's from them, and a role; the emulator refuses those even where nothing is gradual.
    """
    removed = []
    for name, resource in template.get("Resources", {}).items():
        if resource["Type"] == FUNCTION and resource["Properties"].pop("DeploymentPreference", None) is not None:
            removed.append(f"Resources.{name}.Properties.DeploymentPreference")
    return removed
