"""Every change of a function with an alias publishes a version; else the alias would keep the old one."""

import json
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.sam_template import ROOT, load, resources

TEMPLATE = load()
FUNCTIONS = {
    name: one for name, one in resources("AWS::Serverless::Function").items() if one.get("AutoPublishAlias") == "live"
}
SHARED = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
# of what Globals has from parameters: neither these functions nor what they import reads it
UNREAD = {
    "DialWhomFunction": {"SESSION_HOURS", "STOCK_APPS"},
    "AcceptPushFunction": {"SESSION_HOURS", "STOCK_APPS", "RING_SECONDS"},
}


def parameters_of(variables: dict[str, Any]) -> Iterator[str]:
    """Yield the parameters that variables take their values from."""
    yield from (one["Ref"] for one in variables.values() if isinstance(one, dict) and "Ref" in one)


def other(name: str) -> str:
    """Return another value of a parameter than its default."""
    parameter = TEMPLATE["Parameters"][name]
    if "AllowedValues" in parameter:
        return next(str(value) for value in parameter["AllowedValues"] if value != parameter["Default"])
    return str(parameter["Default"] + 1) if parameter["Type"] == "Number" else f"{parameter['Default']}x"


@cache
def published() -> dict[str, str]:
    """Return the versions that are published with all defaults ("") and with one parameter changed, as JSON each."""
    changed = [name for name in TEMPLATE["Parameters"] if name != "HotStart"]
    given = [{}, {"HotStart": "snapstart"}, *({name: other(name)} for name in changed)]
    command: list[Path | str] = [
        ROOT / ".tools/sam/bin/python",
        ROOT / "tests/template/published_versions.py",
        json.dumps(given),
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return {"".join(one): json.dumps(ids) for one, ids in zip(given, json.loads(run.stdout), strict=True)}


def version(function: str, changed: str = "") -> str:
    return next(one for one in json.loads(published()[changed]) if one.startswith(f"{function}Version"))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_changed_parameter_of_a_function_publishes_a_version(function: str) -> None:
    told = {
        name
        for name in parameters_of(FUNCTIONS[function]["Environment"]["Variables"])
        if name in TEMPLATE["Parameters"]
    }
    assert len(told) >= 2
    same = [
        name for name in sorted(told | {"HotStart", "Architecture"}) if version(function, name) == version(function)
    ]
    assert same == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_shared_variables_that_a_function_reads_are_named_in_it_again(function: str) -> None:
    shared = {name for name, value in SHARED.items() if "Ref" in value}
    assert shared - set(FUNCTIONS[function]["Environment"]["Variables"]) == UNREAD[function]
    assert all(
        FUNCTIONS[function]["Environment"]["Variables"][name] == SHARED[name] for name in shared - UNREAD[function]
    )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_changed_parameter_of_other_functions_publishes_no_version(function: str) -> None:
    assert version(function, "ContextSeconds") == version(function, "Rollout") == version(function)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_code_and_layers_count_too(function: str) -> None:
    assert FUNCTIONS[function]["AutoPublishAliasAllProperties"] is True
    layers = [layer["Ref"] for layer in TEMPLATE["Globals"]["Function"]["Layers"]]
    assert all(resources("AWS::Serverless::LayerVersion")[layer]["PublishLambdaVersion"] is True for layer in layers)
