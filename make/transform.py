"""template.yaml as AWS::Serverless turns it into plain CloudFormation; needs SAM's own interpreter.

    .tools/sam/bin/python make/transform.py FOLDER

writes one template for each of the parameter sets that change which resources there are, or what is in them.
"""

import json
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
logging.disable(logging.CRITICAL)
from samcli.yamlhelper import yaml_parse  # noqa: E402
from samtranslator.parser.parser import Parser  # noqa: E402
from samtranslator.translator.translator import Translator  # noqa: E402

TEMPLATE = Path(__file__).parent.parent / "template.yaml"
PSEUDO = {"AWS::Region": "us-east-1", "AWS::Partition": "aws"}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
PARAMETER_SETS = {
    "default": {},
    "production": {
        "Production": "yes",
        "HotStart": "snapstart",
        "Rollout": "Canary10Percent5Minutes",
        "AlarmEmail": "operators@example.com",
    },
    "provisioned": {"HotStart": "provisioned", "DomainName": "calls.example.com", "CertificateArn": CERTIFICATE},
}


def packaged() -> dict[str, Any]:
    """Return the template with each code folder as an object of a bucket, which is where the transform wants it."""
    template: dict[str, Any] = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
    resources = (one.get("Properties", {}) for one in template["Resources"].values())
    for one in (template["Globals"]["Function"], *resources):
        for place in {"CodeUri", "ContentUri"} & one.keys():
            one[place] = f"s3://bucket/{one[place]}"
    return template


def transformed(given: Mapping[str, str]) -> dict[str, Any]:
    """Return the template that is deployed with these parameters, as their new defaults; the others keep theirs.

    AWS::LanguageExtensions is left to who reads it: cfn-lint knows it.
    """
    template = packaged()
    for name, value in given.items():
        template["Parameters"][name]["Default"] = value
    template["Transform"] = "AWS::Serverless-2016-10-31"
    parameters = {name: str(one["Default"]) for name, one in template["Parameters"].items()} | PSEUDO
    made: dict[str, Any] = Translator({}, Parser()).translate(template, parameters)
    return made | {"Transform": "AWS::LanguageExtensions"}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, given in PARAMETER_SETS.items():
        (folder / f"{name}.json").write_text(json.dumps(transformed(given), indent=1), encoding="utf-8")
