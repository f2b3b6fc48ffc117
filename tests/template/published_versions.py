"""Which version of each function with an alias a deployment publishes; runs under SAM's own interpreter.

    .tools/sam/bin/python tests/template/published_versions.py '[{}, {"LogLevel": "DEBUG"}]'

A version's logical id holds a hash of what the function is made of. AWS::LanguageExtensions is the SAM CLI's, which
does as CloudFormation's, and puts in parameters before AWS::Serverless compares.
"""

import copy
import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
logging.disable(logging.CRITICAL)
from samcli.lib.cfn_language_extensions.sam_integration import process_template_for_sam_cli  # noqa: E402
from samcli.yamlhelper import yaml_parse  # noqa: E402
from samtranslator.parser.parser import Parser  # noqa: E402
from samtranslator.translator.translator import Translator  # noqa: E402

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
PSEUDO = {"AWS::Region": "us-east-1", "AWS::Partition": "aws"}


def versions(template: Mapping[str, Any], given: Mapping[str, str]) -> Iterator[str]:
    """Yield the logical ids of the versions that a deployment with these parameters publishes."""
    parameters = {name: str(one["Default"]) for name, one in template["Parameters"].items()} | PSEUDO | dict(given)
    expanded = process_template_for_sam_cli(copy.deepcopy(template), parameter_values=parameters)
    expanded["Transform"] = "AWS::Serverless-2016-10-31"
    resources = Translator({}, Parser()).translate(expanded, parameters)["Resources"]
    yield from (name for name, one in resources.items() if one["Type"] == "AWS::Lambda::Version")


def source() -> dict[str, Any]:
    """Return the template with the functions that have an alias and their layers, packaged, and nothing else."""
    template: dict[str, Any] = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
    layers = {one["Ref"] for one in template["Globals"]["Function"]["Layers"]}
    kept = {
        name: resource
        for name, resource in template["Resources"].items()
        if name in layers or "AutoPublishAlias" in resource.get("Properties", {})
    }
    for resource in kept.values():
        resource["Properties"].pop("Events", None)
    for properties in (template["Globals"]["Function"], *(kept[name]["Properties"] for name in layers)):
        place = "CodeUri" if "CodeUri" in properties else "ContentUri"
        properties[place] = f"s3://bucket/{properties[place]}"
    return {**template, "Resources": kept, "Outputs": {}}


if __name__ == "__main__":
    template = source()
    print(json.dumps([sorted(versions(template, given)) for given in json.loads(sys.argv[1])]))  # noqa: T201
