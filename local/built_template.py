"""The built template, made fit for the emulator: CodeDeploy is taken out, and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

FUNCTION = "AWS::Serverless::Function"


def strip_codedeploy(template: dict[str, Any]) -> list[str]:
    """Take CodeDeploy out of a template, in place, and answer what was removed, as dotted paths.

    The emulator refuses such resources even under a condition that is false. Written out they are resources of type
    AWS::CodeDeploy::…; SAM makes more of them from a function's DeploymentPreference.
    """
    resources = template.get("Resources", {})
    written = [name for name, resource in resources.items() if _is_codedeploy(resource)]
    for name in written:
        del resources[name]
    return [f"Resources.{name}" for name in written] + list(_strip_preferences(template))


def _is_codedeploy(resource: dict[str, Any]) -> bool:
    return str(resource.get("Type", "")).startswith("AWS::CodeDeploy::")


def _strip_preferences(template: dict[str, Any]) -> Iterator[str]:
    if template.get("Globals", {}).get("Function", {}).pop("DeploymentPreference", None) is not None:
        yield "Globals.Function.DeploymentPreference"
    for name, resource in template.get("Resources", {}).items():
        if resource.get("Type") == FUNCTION and resource["Properties"].pop("DeploymentPreference", None) is not None:
            yield f"Resources.{name}.Properties.DeploymentPreference"


def deployable(template: Path) -> tuple[Path, list[str]]:
    """The template file to deploy here and what was removed for it; the file itself where that is nothing.

    A changed copy is laid beside the original, because the paths in it are relative.
    """
    parsed = yaml.safe_load(template.read_text(encoding="utf-8"))
    removed = strip_codedeploy(parsed)
    if not removed:
        return template, []
    stripped = template.with_name("template-without-codedeploy.yaml")
    stripped.write_text(yaml.safe_dump(parsed, sort_keys=False), encoding="utf-8")
    return stripped, removed
