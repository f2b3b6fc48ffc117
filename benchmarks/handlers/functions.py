"""The functions as `make build-host` built them, each with the environment that the template gives it."""

from collections.abc import Mapping

from benchmarks import ROOT
from benchmarks.handlers.intrinsics import Resolver
from benchmarks.handlers.orders import Subject
from local.deployment.built_template import FUNCTION, read_built_template

BUILD = ROOT / ".aws-sam" / "host"
TEMPLATE = BUILD / "template.yaml"
LAYERS = (BUILD / "DependenciesLayer" / "python", BUILD / "SwitchboardLayer" / "python")  # before the code, in /opt
REFUSING = "RefuseUnknownFunction"
HOTTEST = "DialWhomFunction"  # which everything else that answers the same question is compared with


def names() -> list[str]:
    """Return the logical ids of the functions that call AWS: all but the one that answers 404."""
    resources = read_built_template(TEMPLATE)["Resources"]
    return sorted(name for name, one in resources.items() if one["Type"] == FUNCTION and name != REFUSING)


def function(name: str, references: Mapping[str, str], **variables: str) -> Subject:
    """Return a function, in an environment that refers to these resources; `variables` go over the template's."""
    template = read_built_template(TEMPLATE)
    own = template["Resources"][name]["Properties"]["Environment"]["Variables"]
    given = template["Globals"]["Function"]["Environment"]["Variables"] | own
    resolve = Resolver(template, references)
    return Subject(name, (BUILD / name, *LAYERS), {key: resolve(value) for key, value in given.items()} | variables)


def event_name(function_name: str) -> str:
    """Return what the function's file in events/ is called, such as `dial_whom` for DialWhomFunction."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in function_name.removesuffix("Function"))[1:]
