"""The metrics that template.yaml's alarms and dashboard name, and those in EMF lines."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import product
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
        watched
        for properties in (widget["properties"] for widget in widgets() if widget["type"] == "metric")
        for metric, title in ((metric, properties["title"]) for metric in properties["metrics"])
        for watched in (
            _searched(metric[0]["expression"], title)
            if isinstance(metric[0], dict)
            else [_drawn(metric, properties["stat"], title)]
        )
    ]


def searches() -> list[str]:
    """Return the dashboard's search expressions."""
    drawn = (metric[0] for one in widgets() for metric in one["properties"].get("metrics", []))
    return [first["expression"] for first in drawn if isinstance(first, dict)]


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


def _searched(expression: str, title: str) -> Iterator[Watched]:
    """Read `SEARCH('{Namespace,a,b} MetricName="X" b=("y" OR "z")', 'Sum', 300)`: dimension a may have any value."""
    found = re.fullmatch(r"SEARCH\('\{([\w/]+),([\w,]+)\} (.*)', '(\w+)', \d+\)", expression)
    assert found, expression
    namespace, names, terms, stat = found.groups()
    term = r'(\w+)=("[^"]*"|\("[^"]*"(?: OR "[^"]*")*\))'
    assert re.fullmatch(f"{term}( {term})*", terms), terms
    values = {name: re.findall(r'"([^"]*)"', value) for name, value in re.findall(term, terms)}
    (name,) = values.pop("MetricName")
    wanted = names.split(",")
    assert values.keys() <= set(wanted), expression
    for chosen in product(*(values.get(key, [None]) for key in wanted)):
        yield Watched(namespace, name, dict(zip(wanted, chosen, strict=True)), stat, title)
