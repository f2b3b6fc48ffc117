"""Alarms, dashboard and saved queries: they name the metrics that the code declares, all of them and no others.

That the declared ones are written too is for tests/integration/runtime/test_emitted_metrics.py.
"""

import json
import re
from typing import Any

import pytest

from switchboard.pushes.push import Outcome
from switchboard.runtime import metrics
from tests.sam_template import ROOT, load, resources
from tests.watched_metrics import Watched, alarmed, drawn, searches, widgets

FUNCTIONS = resources("AWS::Serverless::Function")
ALARMS = resources("AWS::CloudWatch::Alarm")
QUERIES = resources("AWS::Logs::QueryDefinition")
DECLARED = {(metric.name, frozenset({"service", "stage", *metric.own})): metric for metric in metrics.ALL}
OURS = [watched for watched in alarmed() + drawn() if watched.namespace == metrics.NAMESPACE]
DASHBOARD = {(watched.namespace, watched.name): set[str]() for watched in drawn()}
for _watched in drawn():
    DASHBOARD[_watched.namespace, _watched.name] |= {str(value) for value in _watched.dimensions.values()}


def named(kind: str) -> set[str]:
    return {f"${{{name}}}" for name in resources(kind)}


@pytest.mark.parametrize("watched", OURS, ids=lambda watched: f"{watched.where}:{watched.name}")
def test_what_is_watched_is_declared_with_exactly_these_dimensions(watched: Watched) -> None:
    assert watched.shape in DECLARED


def test_what_is_declared_is_watched() -> None:
    assert set(DECLARED) == {watched.shape for watched in OURS}


def test_no_two_metrics_share_a_name() -> None:
    assert len({metric.name for metric in metrics.ALL}) == len(metrics.ALL) == len(DECLARED)


@pytest.mark.parametrize("watched", OURS, ids=lambda watched: f"{watched.where}:{watched.name}")
def test_counts_are_summed_and_milliseconds_are_taken_by_percentile(watched: Watched) -> None:
    unit = DECLARED[watched.shape].unit
    assert re.fullmatch("Sum" if unit == "Count" else r"p\d+", watched.stat)


@pytest.mark.parametrize("watched", OURS, ids=lambda watched: f"{watched.where}:{watched.name}")
def test_the_values_of_dimensions_are_such_as_occur(watched: Watched) -> None:
    given = watched.dimensions
    assert given["stage"] == "${Stage}"
    assert given["service"] is None or (ROOT / "functions" / str(given["service"]) / "app.py").is_file()
    if watched.name == "PushOutcome" and given["outcome"]:
        assert given["outcome"] in list(Outcome)


def test_every_function_gets_the_stage() -> None:
    assert load()["Globals"]["Function"]["Environment"]["Variables"]["STAGE"] == {"Ref": "Stage"}


@pytest.mark.parametrize(("name", "alarm"), ALARMS.items(), ids=list(ALARMS))
def test_an_alarm_says_what_to_do_and_where_to_read_on(name: str, alarm: dict[str, Any]) -> None:
    assert alarm["AlarmDescription"].endswith(f" (docs/operations.md, {name})")
    assert len(alarm["AlarmDescription"]) <= 1024  # CloudWatch
    assert alarm["TreatMissingData"] == "notBreaching"  # nobody calls at night


@pytest.mark.parametrize("function", ["DialWhomFunction", "AcceptPushFunction", "DeliverPushFunction"])
def test_a_hot_function_that_crashes_or_is_throttled_raises_an_alarm(function: str) -> None:
    watched = {(one.name, one.dimensions.get("FunctionName")) for one in alarmed() if one.namespace == "AWS/Lambda"}
    assert {("Errors", f"${{{function}}}"), ("Throttles", f"${{{function}}}")} <= watched


def test_every_dead_letter_queue_raises_an_alarm() -> None:
    dead = {f"${{{name}.QueueName}}" for name in resources("AWS::SQS::Queue") if "DeadLetter" in name}
    name = "ApproximateNumberOfMessagesVisible"
    assert {str(one.dimensions["QueueName"]) for one in alarmed() if one.name == name} == dead
    assert DASHBOARD["AWS/SQS", name] == dead


def test_every_queue_is_drawn_with_its_age() -> None:
    live = {f"${{{name}.QueueName}}" for name in resources("AWS::SQS::Queue") if "DeadLetter" not in name}
    assert DASHBOARD["AWS/SQS", "ApproximateAgeOfOldestMessage"] == live


@pytest.mark.parametrize("name", ["Errors", "Throttles", "Duration"])
def test_every_function_is_drawn(name: str) -> None:
    assert DASHBOARD["AWS/Lambda", name] == named("AWS::Serverless::Function")


def test_every_table_and_log_group_is_drawn_with_what_it_costs() -> None:
    tables = named("AWS::DynamoDB::Table")
    for name in ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"):
        assert DASHBOARD["AWS/DynamoDB", name] == tables
    assert DASHBOARD["AWS/Logs", "IncomingBytes"] == named("AWS::Logs::LogGroup")


def test_every_alarm_is_on_the_dashboard() -> None:
    (shown,) = (widget for widget in widgets() if widget["type"] == "alarm")
    assert sorted(shown["properties"]["alarms"]) == sorted(f"${{{name}.Arn}}" for name in ALARMS)


ESSENTIAL = {  # an alarm for each way in which calls are lost
    "a caller is not connected": "DialWhomErrorsAlarm",
    "Dial Whom gives no answer": "DialWhomCrashesAlarm",
    "a push is refused": "AcceptPushErrorsAlarm",
    "a push does not reach a phone while the call rings": "StalePushesAlarm",
    "a push cannot be delivered at all": "UndeliverablePushesAlarm",
    "a function crashes, is throttled or fails otherwise": "ApiErrorsAlarm",
}


def test_essential_monitoring_is_the_alarms_that_mean_lost_calls() -> None:
    template = load()
    there = {name for name in ALARMS if "Condition" not in template["Resources"][name]}
    assert there == set(ESSENTIAL.values())
    rest = [name for name in [*ALARMS, *resources("AWS::CloudWatch::Dashboard")] if name not in there]
    conditions = {name: template["Resources"][name]["Condition"] for name in rest}
    assert conditions.pop("AcceptPushCrashesAlarm") == "WatchesPushCrashes"  # for a gradual rollout as well
    assert set(conditions.values()) == {"WatchesAll"}
    assert template["Outputs"]["DashboardUrl"]["Condition"] == "WatchesAll"


def test_production_watches_all_whatever_monitoring_says() -> None:
    assert load()["Conditions"]["WatchesAll"] == {
        "Fn::Or": [{"Condition": "IsProduction"}, {"Fn::Equals": [{"Ref": "Monitoring"}, "full"]}]
    }


def test_widgets_fill_24_columns_and_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for widget in widgets():
        across = range(widget["x"], widget["x"] + widget["width"])
        cells = {(x, y) for x in across for y in range(widget["y"], widget["y"] + widget["height"])}
        assert not cells & taken, widget
        taken |= cells
    height = max(y for _, y in taken) + 1
    assert taken == {(x, y) for x in range(24) for y in range(height)}


def test_the_dashboard_refers_to_nothing_that_is_not_there() -> None:
    there = set(load()["Resources"]) | set(load()["Parameters"])
    asked = set(re.findall(r"\$\{(\w+)[.}]", json.dumps(widgets())))
    assert asked - {"AWS"} <= there


def test_no_text_of_the_template_is_read_differently_by_a_second_processor() -> None:
    assert "${!" not in (ROOT / "template.yaml").read_text(encoding="utf-8")
    searched = [metric[0] for w in widgets() for metric in w["properties"].get("metrics", []) if len(metric) == 1]
    assert searched
    label = r"\$\{PROP\('Dim\.\w+'\)\}( read| write)?"
    assert [one["label"] for one in searched if not re.fullmatch(label, one["label"])] == []


# The longest names that CloudFormation makes: the stack's name (128), the logical id and 12 characters, where the
# service allows as many.
LONGEST = {"Function": 64, "Table": 255, "LogGroup": 512}


@pytest.mark.parametrize("expression", searches(), ids=lambda expression: expression[:60])
def test_a_search_is_within_cloudwatchs_1024_characters_whatever_the_stack_is_called(expression: str) -> None:
    def longest(name: re.Match[str]) -> str:
        kind = next((kind for kind in LONGEST if name[1].endswith(kind)), None)
        return "x" * (min(LONGEST[kind], 128 + 1 + len(name[1]) + 1 + 12) if kind else 16)  # 16: Stage's MaxLength

    assert len(re.sub(r"\$\{([\w:]+)\}", longest, expression)) <= 1024


@pytest.mark.parametrize(
    ("condition", "partition"), [("InChina", "aws-cn"), ("InGovCloud", "aws-us-gov")], ids=lambda name: name
)
def test_the_dashboards_url_leads_to_the_console_of_its_partition(condition: str, partition: str) -> None:
    template = load()
    assert template["Conditions"][condition] == {"Fn::Equals": [{"Ref": "AWS::Partition"}, partition]}
    url, named = template["Outputs"]["DashboardUrl"]["Value"]["Fn::Sub"]
    assert url.startswith("https://${AWS::Region}.${Console}/cloudwatch/home?region=${AWS::Region}#")
    assert named["Console"] == {
        "Fn::If": [
            "InChina",
            "console.amazonaws.cn",
            {"Fn::If": ["InGovCloud", "console.amazonaws-us-gov.com", "console.aws.amazon.com"]},
        ]
    }


def test_metric_widgets_name_the_region() -> None:
    assert {w["properties"]["region"] for w in widgets() if w["type"] == "metric"} == {"${AWS::Region}"}


def test_saved_queries_that_ask_every_function_ask_every_function() -> None:
    every = {name.removesuffix("Function") + "LogGroup" for name in FUNCTIONS}
    for name in ("OneCallQuery", "OneSubscriberQuery", "ServerErrorsQuery"):
        assert {group["Ref"] for group in QUERIES[name]["LogGroupNames"]} == every, name


def test_saved_queries_are_left_out_of_the_emulator_only() -> None:
    template = load()
    assert {template["Resources"][name]["Condition"] for name in QUERIES} == {"OnAws"}
    account, partition = template["Conditions"]["OnAws"]["Fn::And"]
    assert account == {"Fn::Not": [{"Fn::Equals": [{"Ref": "AWS::AccountId"}, "000000000000"]}]}
    partitions = [one["Fn::Equals"] for one in partition["Fn::Or"]]
    assert partitions == [[{"Ref": "AWS::Partition"}, name] for name in ("aws", "aws-us-gov", "aws-cn")]
