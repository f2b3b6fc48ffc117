"""template.yaml as the tests read it: intrinsic functions become `{"Ref": …}`, `{"Fn::Sub": …}` and so on."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent


class _Loader(yaml.CSafeLoader):
    """In C: the Python one takes a second for the template."""


def _intrinsic(loader: yaml.CSafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _intrinsic)


@cache
def load() -> dict[str, Any]:
    """Read it once for all tests, which change nothing of it."""
    return yaml.load((ROOT / "template.yaml").read_text(), Loader=_Loader)


def resources(kind: str) -> dict[str, dict[str, Any]]:
    return {name: r["Properties"] for name, r in load()["Resources"].items() if r["Type"] == kind}


DEFAULT = "$default"  # the key of the route for what no other takes


def route_key(event: dict[str, Any]) -> str:
    """Return API Gateway's key of an HttpApi event, such as `POST /v1/login`."""
    properties = event["Properties"]
    return f"{properties['Method']} {properties['Path']}" if "Path" in properties else DEFAULT


def api_routes() -> dict[str, str]:
    """Return the function behind each route key, such as `POST /v1/login`."""
    return {
        route_key(event): name
        for name, function in resources("AWS::Serverless::Function").items()
        for event in function["Events"].values()
        if event["Type"] == "HttpApi"
    }
