"""docs/operations.md against what it explains: alarms, metrics, saved queries and log lines, all and no others."""

import re
from pathlib import Path

from switchboard.runtime import metrics
from tests.sam_template import ROOT, resources

GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return GUIDE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def cells(title: str) -> list[list[str]]:
    """The rows of a section's table, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" |")] for line in lines[1:]]


def test_every_alarm_has_its_section_and_every_section_its_alarm() -> None:
    explained = re.findall(r"^### (\w+)$", section("Alarms"), re.MULTILINE)
    assert sorted(explained) == sorted(resources("AWS::CloudWatch::Alarm"))


def test_links_inside_the_guide_lead_somewhere() -> None:
    headings = {title.lower().replace(" ", "-") for title in re.findall(r"^##+ (.+)$", GUIDE, re.MULTILINE)}
    assert set(re.findall(r"\(#([\w-]+)\)", GUIDE)) <= headings


def test_every_metric_is_explained_with_its_unit_and_dimension() -> None:
    explained = [tuple(row[:3]) for row in cells("Metrics")]
    wanted = [(f"`{m.name}`", m.unit, ", ".join(f"`{name}`" for name in m.own)) for m in metrics.ALL]
    assert explained == wanted


def test_every_saved_query_is_listed() -> None:
    names = [query["Name"]["Fn::Sub"].partition("/")[2] for query in resources("AWS::Logs::QueryDefinition").values()]
    assert [row[0] for row in cells("Saved queries")] == names


def test_every_log_line_is_explained() -> None:
    files = [*ROOT.glob("functions/*/app.py"), *(ROOT / "layers" / "switchboard" / "switchboard").rglob("*.py")]
    lines = {line for file in files for line in said(file)}
    explained = {name for row in cells("Log lines") for name in re.findall(r"`([^`]+)`", row[0])}
    assert explained == lines


def said(file: Path) -> set[str]:
    """The messages that a file logs; warnings at the start about how it is deployed are sentences of their own."""
    found = re.findall(r'(?:logger\.\w+|\blog)\(\s*"([^"]+)"', file.read_text(encoding="utf-8"))
    return {message for message in found if not message.startswith("StockApps=")}


def test_what_is_kept_for_how_long_names_every_table_and_queue() -> None:
    kept = section("What is kept for how long")
    tables = [name for name in resources("AWS::DynamoDB::Table") if name not in kept]
    queues = [name for name in resources("AWS::SQS::Queue") if "DeadLetter" not in name and name not in kept]
    assert tables + queues == []
