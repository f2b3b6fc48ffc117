"""The routes that template.yaml gives to functions: what the document must cover, no more and no less."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

KNOWN = Path(__file__).parents[2] / "functions" / "refuse_unknown" / "routes.json"
TEMPLATE = Path(__file__).parents[2] / "template.yaml"


class _Loader(yaml.CSafeLoader):
    """Reads a template, in C since Python takes a second; CloudFormation's functions are ignored here."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


@cache
def routes() -> Sequence[str]:
    """Return API Gateway's route keys, such as `POST /v1/login`, in the template's order; not `$default`."""
    template = yaml.load(TEMPLATE.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    return tuple(
        f"{event['Properties']['Method']} {event['Properties']['Path']}"
        for resource in template["Resources"].values()
        for event in resource.get("Properties", {}).get("Events", {}).values()
        if event["Type"] == "HttpApi" and "Path" in event["Properties"]
    )


def known() -> str:
    """Return the text of KNOWN, from which the function behind `$default` suggests the right route."""
    return json.dumps(routes(), indent=2) + "\n"
