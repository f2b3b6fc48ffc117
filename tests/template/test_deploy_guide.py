"""docs/deploy.md against template.yaml: the parameters with their defaults and bounds, and outputs."""

import re
from typing import Any

from tests.sam_template import ROOT, load

GUIDE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
TEMPLATE = load()


def bounds(parameter: dict[str, Any]) -> str:
    """What a parameter takes, as the guide writes it."""
    if "AllowedValues" in parameter:
        return ", ".join(f"`{value}`" for value in parameter["AllowedValues"])
    if "MinValue" in parameter:
        return (
            f"{parameter['MinValue']} to {parameter['MaxValue']}"
            if "MaxValue" in parameter
            else (f"at least {parameter['MinValue']}")
        )
    pattern = [f"`{parameter['AllowedPattern']}`"] if "AllowedPattern" in parameter else []
    longest = [f"at most {parameter['MaxLength']} characters"] if "MaxLength" in parameter else []
    return ", ".join(pattern + longest)


def rows() -> dict[str, tuple[str, str]]:
    """The guide's parameters: their names, and what the columns for default and bounds say."""
    tables = [line.strip("|").split("|") for line in GUIDE.splitlines() if re.match(r"\| `[A-Z]\w+` \|", line)]
    return {cells[0].strip(" `"): (cells[1].strip(), cells[2].strip()) for cells in tables if len(cells) == 4}


def test_the_table_of_parameters_is_the_templates() -> None:
    wanted = {
        name: (f"`{parameter['Default']}`" if parameter["Default"] != "" else "empty", bounds(parameter))
        for name, parameter in TEMPLATE["Parameters"].items()
    }
    assert rows() == wanted


def test_every_output_is_explained() -> None:
    assert [name for name in TEMPLATE["Outputs"] if f"`{name}`" not in GUIDE] == []
