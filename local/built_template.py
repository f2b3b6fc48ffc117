"""The built template, made fit for the emulator: CodeDeploy is taken out, with its role, and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from local.errors import LocalStackError

FUNCTION = "AWS::Serverless::Function"
CODEDEPLOY = "codedeploy.amazonaws.com"


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
    """Take CodeDeploy out of a template, in place, and answer what was removed, as dotted paths.

    The emulator refuses such resources even under a condition that is false. Written out they are resources of type
    AWS::CodeDeploy::…, and roles that CodeDeploy alone may assume; SAM makes more of them from a function's
    DeploymentPreference.
    """
    resources = template.get("Resources", {})
    written = [name for name, resource in resources.items() if _is_codedeploy(resource)]
    for name in written:
        del resources[name]
    return [f"Resources.{name}" for name in written] + list(_strip_preferences(template))


def _is_codedeploy(resource: dict[str, Any]) -> bool:
    return str(resource.get("Type", "")).startswith("AWS::CodeDeploy::") or _assumed_by(resource) == {CODEDEPLOY}


def _assumed_by(resource: dict[str, Any]) -> set[str]:
    """Who may assume a role, as text; nobody where it is no role."""
    document = resource.get("Properties", {}).get("AssumeRolePolicyDocument", {})
    principals = [one for statement in document.get("Statement", []) for one in statement["Principal"].values()]
    return {str(one) for named in principals for one in (named if isinstance(named, list) else [named])}


def _strip_preferences(template: dict[str, Any]) -> Iterator[str]:
    if template.get("Globals", {}).get("Function", {}).pop("DeploymentPreference", None) is not None:
        yield "Globals.Function.DeploymentPreference"
    for name, resource in template.get("Resources", {}).items():
        if resource.get("Type") == FUNCTION and resource["Properties"].pop("DeploymentPreference", None) is not None:
            yield f"Resources.{name}.Properties.DeploymentPreference"
