"""Checks parameters against the template, as CloudFormation does on AWS and the emulator does not."""

import difflib
import re
from collections.abc import Mapping
from typing import Any

from local.errors import LocalStackError


def checked(given: Mapping[str, str], template: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the parameters; raises LocalStackError for a name that the template lacks or a value that it refuses."""
    known = template.get("Parameters", {})
    for name, value in given.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else f": there are {', '.join(sorted(known))}"
            raise LocalStackError(f"PARAMETERS: the template has no parameter {name}{hint}")
        fault = _fault(known[name], value)
        if fault:
            raise LocalStackError(f"PARAMETERS: {name} {fault}, not {value!r}")
    return given


def _fault(parameter: Mapping[str, Any], value: str) -> str:
    allowed = [str(one) for one in parameter.get("AllowedValues", ())]
    if allowed and value not in allowed:
        return f"is one of {', '.join(allowed)}"
    if parameter["Type"] == "Number":
        return _fault_of_number(parameter, value)
    if not re.fullmatch(parameter.get("AllowedPattern", ".*"), value):
        return f"must match {parameter['AllowedPattern']}"
    if len(value) > parameter.get("MaxLength", len(value)):
        return f"has at most {parameter['MaxLength']} characters"
    return ""


def _fault_of_number(parameter: Mapping[str, Any], value: str) -> str:
    if not re.fullmatch(r"-?[0-9]+", value):
        return "is a whole number"
    lowest, highest = parameter.get("MinValue"), parameter.get("MaxValue")
    if lowest is not None and int(value) < lowest:
        return f"is at least {lowest}"
    return f"is at most {highest}" if highest is not None and int(value) > highest else ""
