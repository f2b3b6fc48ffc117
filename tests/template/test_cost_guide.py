"""docs/cost.md and its picture say what the calculator and the simulation find."""

from benchmarks.cost.__main__ import DOCUMENT
from benchmarks.cost.report import sections
from benchmarks.generated import filled
from benchmarks.quotas import picture, report, results
from benchmarks.quotas.__main__ import PICTURE
from benchmarks.quotas.demand import demand
from benchmarks.quotas.deployments import deployments
from benchmarks.quotas.known import quotas

GUIDE = DOCUMENT.read_text(encoding="utf-8")


def test_the_tables_are_those_that_the_calculator_prints() -> None:
    assert filled(GUIDE, sections()) == GUIDE, "run make cost"


def test_what_is_said_of_quotas_is_what_was_found_last() -> None:
    assert filled(GUIDE, report.sections(results.found())) == GUIDE
    assert picture.picture(results.found()) == PICTURE.read_text(encoding="utf-8")


def test_what_was_found_last_was_found_of_what_there_is_now() -> None:
    assert results.found()["of"] == results.given(), "run make cost"


def test_what_was_found_last_is_found_again() -> None:
    own, asked = quotas()[1], demand()  # the template's
    rings = results.found()["alone"][own.name]["rings"]
    for rate, fits in ((rings, True), (results.RATES[results.RATES.index(rings) + 1], False)):
        missed = results.failing(rate, own.limits, asked, lambda outcome: outcome.missed)
        assert (missed <= results.TOLERATED) is fits, "run make cost"
    for deployment in (deployments()[1], deployments()[3]):
        rang = dict(zip(results.DRAWN, results.found()["together"][deployment.name]["rang"], strict=True))
        rate = next(rate for rate, share in rang.items() if share < 0.95)
        assert results.rang(rate, deployment.limits, asked) == rang[rate], "run make cost"
