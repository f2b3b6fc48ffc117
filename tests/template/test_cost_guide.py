"""docs/cost.md and its picture say what the calculator and the simulation find."""

from benchmarks.cost.__main__ import DOCUMENT
from benchmarks.cost.report import sections
from benchmarks.generated import filled
from benchmarks.quotas import picture, report, results
from benchmarks.quotas.__main__ import PICTURE
from benchmarks.quotas.demand import demand
from benchmarks.quotas.limits import quotas

GUIDE = DOCUMENT.read_text(encoding="utf-8")


def test_the_tables_are_those_that_the_calculator_prints() -> None:
    assert filled(GUIDE, sections()) == GUIDE, "run make cost"


def test_what_is_said_of_quotas_is_what_was_found_last() -> None:
    assert filled(GUIDE, report.sections(results.found())) == GUIDE
    assert picture.picture(results.found()) == PICTURE.read_text(encoding="utf-8")


def test_what_was_found_last_is_found_again() -> None:
    first = quotas()[:2]  # a new account's, and the template's own throttle
    found = {quota.name: results.alone(quota.limits, demand()) for quota in first}
    assert found == {name: results.found()["alone"][name] for name in found}, "run make cost"
