"""What the template says of sizes and counts; parameters have their defaults. Nothing of it is copied anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests import sam_template

DAYS = 30.4  # of a month


@dataclass(frozen=True)
class Function:
    """`memory` in MB; `secrets` are readings of secrets each time they are renewed."""

    memory: int
    tables: int
    secrets: int


@cache
def _template() -> Mapping[str, Any]:
    return sam_template.load()


def _resources(kind: str) -> Mapping[str, Mapping[str, Any]]:
    return {name: one["Properties"] for name, one in _template()["Resources"].items() if one["Type"] == kind}


def parameter(name: str) -> float:
    return float(_template()["Parameters"][name]["Default"])


@cache
def functions() -> Mapping[str, Function]:
    default = _template()["Globals"]["Function"]["MemorySize"]
    return {
        name: Function(
            int(function.get("MemorySize", default)),
            sum(key.endswith("_TABLE") for key in _variables(function)),
            # the session's key is read together with the one before it
            sum(1 + (key == "SESSION_SECRET") for key in _variables(function) if key.endswith("_SECRET")),
        )
        for name, function in _resources("AWS::Serverless::Function").items()
    }


def count(kind: str, *, full: bool = False) -> int:
    """Return how many there are in a stack that is not for production; `full` is its Monitoring."""
    found = [one for one in _template()["Resources"].values() if one["Type"] == kind]
    return sum(full or not one.get("Condition", "").startswith("Watches") for one in found)


def writes_of_each_event() -> bool:
    """Whether Lambda writes its own lines about each event (START, END, REPORT)."""
    return bool(_template()["Globals"]["Function"].get("LoggingConfig", {}).get("SystemLogLevel") != "WARN")


def polled_queues() -> int:
    """Return how many queues Lambda polls."""
    return sum(
        one["Type"] == "SQS"
        for function in _resources("AWS::Serverless::Function").values()
        for one in function["Events"].values()
    )


def source(function: str, name: str) -> Mapping[str, Any]:
    """Return the properties of a function's event source."""
    found: Mapping[str, Any] = _resources("AWS::Serverless::Function")[function]["Events"][name]["Properties"]
    return found


def access_log_bytes() -> int:
    """Return the bytes of a line of the API's access log: its format, filled with what is usual."""
    usual = {
        "$context.requestId": "OZ5x1hPEBcwEJ4j=",
        "$context.routeKey": "POST /v1/accounts/{accountSid}/subscribers/{name}/context",
        "$context.status": "200",
        "$context.responseLatency": "25",
        "$context.integrationLatency": "22",
        "$context.identity.sourceIp": "203.0.113.107",
    }
    (api,) = _resources("AWS::Serverless::HttpApi").values()
    line: str = api["AccessLogSettings"]["Format"]
    for name, value in usual.items():
        line = line.replace(name, value)
    assert "$context" not in line, f"the access log has a field that nobody gave a usual value: {line}"
    return len(line)


def _variables(function: Mapping[str, Any]) -> Mapping[str, Any]:
    variables: Mapping[str, Any] = function["Environment"]["Variables"]
    return variables
