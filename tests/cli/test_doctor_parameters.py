"""The doctor's findings about parameters, HotStart and versions; and its checks before a deployment."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cli.doctor import before_deploy as module
from cli.doctor.before_deploy import answers, before_deploy, saved
from cli.doctor.findings import Finding
from cli.doctor.hot_start import AccountLimit, account_limit, hot_start
from cli.doctor.parameter_checks import parameters
from cli.doctor.template_parameters import defaults
from cli.doctor.version_checks import Versions, judged
from cli.errors import OperatorError
from tests.sam_template import ROOT, load

MUMBAI = "ap-south-1"
NEW_ACCOUNT, GROWN = AccountLimit(10, 10), AccountLimit(1000, 1000)
SAFE = {"AlarmEmail": "you@example.com"}


def states(findings: Any) -> dict[str, str]:
    return {f"{one.area} {one.name}": str(one.state) for one in findings}


def of(findings: Any, name: str) -> Finding:
    (found,) = (one for one in findings if one.name == name)
    return found


def unasked() -> AccountLimit:
    raise AssertionError("asked without need")


def deployed(**other: str) -> Mapping[str, str]:
    return {**defaults(), **SAFE, **other}


def test_the_templates_defaults_are_read_as_the_template_has_them() -> None:
    assert defaults() == {name: str(one["Default"]) for name, one in load()["Parameters"].items()}


def test_parameters_that_differ_from_the_template_are_reported() -> None:
    found = list(parameters(deployed(RingSeconds="45")))
    assert of(found, "parameters").seen == "AlarmEmail=you@example.com, RingSeconds=45"
    assert set(states(found).values()) == {"fine"}


def test_stock_apps_that_an_update_kept_are_reported() -> None:
    assert of(parameters(deployed(StockApps="allow")), "StockApps").state == "note"
    assert of(parameters(deployed(StockApps="allow", Production="yes")), "StockApps").state == "problem"


def test_a_stack_of_the_previous_template_is_reported() -> None:
    given = {name: value for name, value in deployed().items() if name != "Production"} | {"Gone": "1"}
    assert of(parameters(given), "template").seen == "deployed from another template: Gone, Production are not in both"


@pytest.mark.parametrize(
    ("limit", "state"), [(NEW_ACCOUNT, "problem"), (AccountLimit(12, 12), "fine"), (GROWN, "fine")]
)
def test_provisioned_needs_executions_beside_the_ten_that_lambda_leaves_to_others(
    limit: AccountLimit, state: str
) -> None:
    (found,) = hot_start({"HotStart": "provisioned"}, MUMBAI, lambda: limit)
    assert found.state == state
    if state == "problem":
        assert "HotStart=none" in found.fix
        assert "service-quotas request-service-quota-increase" in found.fix


def test_provisioned_counts_each_of_the_two_functions_and_what_others_have_reserved() -> None:
    given = {"HotStart": "provisioned", "ProvisionedConcurrency": "5"}
    assert [one.state for one in hot_start(given, MUMBAI, lambda: AccountLimit(1000, 19))] == ["problem"]
    assert [one.state for one in hot_start(given, MUMBAI, lambda: AccountLimit(1000, 20))] == ["fine"]


@pytest.mark.parametrize(
    ("region", "refused"),
    [
        (MUMBAI, False),
        ("ap-east-1", False),
        ("ap-east-2", True),
        ("ap-southeast-6", True),
        ("cn-north-1", True),
        ("us-gov-west-1", True),
    ],
)
def test_snapstart_is_refused_where_python_has_none(region: str, *, refused: bool) -> None:
    found = list(hot_start({"HotStart": "snapstart"}, region, unasked))
    assert [one.state for one in found] == ["problem"] * refused


def test_without_hot_start_lambda_is_not_called() -> None:
    assert list(hot_start({"HotStart": "none"}, MUMBAI, unasked)) == []


def test_lambda_is_asked_for_the_accounts_limits() -> None:
    class Client:
        def get_account_settings(self) -> Mapping[str, Any]:
            return {"AccountLimit": {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 8}}

    assert account_limit(Client()) == AccountLimit(10, 8)


def test_a_new_accounts_limit_is_reported_before_the_first_deployment() -> None:
    (found,) = before_deploy({}, MUMBAI, lambda: NEW_ACCOUNT)
    assert (found.state, found.name) == ("note", "Lambda")
    assert found.seen.startswith("10 executions at once: too few for HotStart=provisioned")


def test_saved_answers_that_would_fail_stop_the_deployment() -> None:
    found = states(before_deploy({"HotStart": "provisioned", "StockApps": "allow"}, MUMBAI, lambda: NEW_ACCOUNT))
    assert found == {"account Lambda": "note", "hot start HotStart": "problem", "stack StockApps": "note"}


def test_an_account_that_may_not_be_asked_stops_nothing() -> None:
    def denied() -> AccountLimit:
        raise OperatorError("these AWS credentials may not do that")

    (found,) = before_deploy({"HotStart": "provisioned"}, MUMBAI, denied)
    assert found.state == "note"
    assert "lambda:GetAccountSettings" in found.fix


@pytest.mark.parametrize(
    "written",
    [
        '"HotStart=\\"provisioned\\" OidcIssuer=\\"\\" Stage=\\"dev\\""',
        '["HotStart=provisioned", "OidcIssuer=", "Stage=dev"]',
    ],
)
def test_answers_are_read_as_sam_saves_them(tmp_path: Path, written: str) -> None:
    file = tmp_path / "samconfig.toml"
    file.write_text(f'[default.deploy.parameters]\nregion = "eu-west-1"\nparameter_overrides = {written}\n')
    settings = saved(file)
    assert settings["region"] == "eu-west-1"
    assert answers(settings) == {"HotStart": "provisioned", "OidcIssuer": "", "Stage": "dev"}


def test_without_answers_there_are_none(tmp_path: Path) -> None:
    assert answers(saved(tmp_path / "samconfig.toml")) == {}
    assert answers(saved(module.SAVED)) == {}  # as the repository has it


def test_a_configuration_that_is_not_toml_is_reported(tmp_path: Path) -> None:
    (tmp_path / "samconfig.toml").write_text("version = ")
    with pytest.raises(OperatorError, match=r"samconfig\.toml cannot be read"):
        saved(tmp_path / "samconfig.toml")


def test_make_deploy_looks_before_it_starts() -> None:
    shown = subprocess.run(["make", "-n", "deploy"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert 0 < shown.index("doctor --before-deploy") < shown.index("deploy --guided")


@pytest.mark.parametrize(
    ("seen", "state", "words", "fix"),
    [
        (Versions("f", 8, 8, frozenset({8})), "fine", "live is version 8, the newest", ""),
        (Versions("f", 7, 8, frozenset({8})), "note", "it was moved by hand", "--name live --routing-config"),
        (Versions("f", 7, 8, frozenset({7})), "note", "deployment was rolled back", "-name f --qualifier 8"),
        (Versions("f", 7, 8, frozenset({8}), {"8": 0.1}), "note", "10% of calls to version 8", "VersionWeights={}"),
    ],
)  # fmt: skip
def test_where_the_alias_is_decides_what_there_is_to_do(seen: Versions, state: str, words: str, fix: str) -> None:
    found = judged("DialWhomFunction", seen)
    assert found.state == state
    assert words in found.seen
    assert fix in found.fix
    assert json.dumps(found.as_json())
