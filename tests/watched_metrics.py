"""The metrics that template.yaml's alarms and dashboard name, and those in EMF lines."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.sam_template import resources


class Watched(NamedTuple):
    """A metric as CloudWatch tells them apart; a dimension's value is None where a SEARCH takes any."""

    namespace: str
    name: str
    dimensions: Mapping[str, str | None]
    stat: str
    where: str

    @property
    def shape(self) -> tuple[str, frozenset[str]]:
        return self.name, frozenset(self.dimensions)


class Emitted(NamedTuple):
    name: str
    unit: str
    dimensions: frozenset[str]
    service: str


def widgets() -> list[dict[str, Any]]:
    body = next(iter(resources("AWS::CloudWatch::Dashboard").values()))["DashboardBody"]
    joint, (marker, text) = body["Fn::Join"][0], body["Fn::Join"][1]["Fn::Split"]
    return list(json.loads(text["Fn::Sub"].replace(marker, joint))["widgets"])


def alarmed() -> list[Watched]:
    return [
        Watched(
            alarm["Namespace"],
            alarm["MetricName"],
            {dimension["Name"]: _value(dimension["Value"]) for dimension in alarm["Dimensions"]},
            alarm.get("Statistic") or alarm["ExtendedStatistic"],
            name,
        )
        for name, alarm in resources("AWS::CloudWatch::Alarm").items()
    ]


def drawn() -> list[Watched]:
    return [
        _searched(metric[0]["expression"], title)
        if isinstance(metric[0], dict)
        else _drawn(metric, properties["stat"], title)
        for properties in (widget["properties"] for widget in widgets() if widget["type"] == "metric")
        for metric, title in ((metric, properties["title"]) for metric in properties["metrics"])
    ]


def emitted(printed: str) -> Iterator[Emitted]:
    """Yield each metric of the EMF lines in what a function printed."""
    lines = [json.loads(line) for line in printed.splitlines() if line.startswith('{"_aws"')]
    for line in lines:
        for directive in line["_aws"]["CloudWatchMetrics"]:
            assert directive["Namespace"] == "Switchboard"
            for dimensions in directive["Dimensions"]:
                assert all(isinstance(line[name], str) for name in dimensions)
                for metric in directive["Metrics"]:
                    yield Emitted(metric["Name"], metric["Unit"], frozenset(dimensions), line["service"])


def _value(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    if "Fn::Sub" in value:
        return str(value["Fn::Sub"])
    return "${%s}" % (value["Ref"] if "Ref" in value else ".".join(value["Fn::GetAtt"]))


def _drawn(metric: list[Any], stat: str, title: str) -> Watched:
    options = metric[-1] if isinstance(metric[-1], dict) else {}
    namespace, name, *rest = [part for part in metric if isinstance(part, str)]
    return Watched(namespace, name, dict(zip(rest[::2], rest[1::2], strict=True)), options.get("stat", stat), title)


def _searched(expression: str, title: str) -> Watched:
    """Read `SEARCH('{Switchboard,a,b} MetricName="X" b="y"', 'Sum', 300)`: dimension a may have any value."""
    found = re.fullmatch(r"SEARCH\('\{(\w+),([\w,]+)\} (.*)', '(\w+)', \d+\)", expression)
    assert found, expression
    namespace, names, terms, stat = found.groups()
    values = dict(re.findall(r'(\w+)="([^"]*)"', terms))
    name = values.pop("MetricName")
    return Watched(namespace, name, {key: values.pop(key, None) for key in names.split(",")}, stat, title)
