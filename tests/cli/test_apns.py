"""APNs in `switchboard setup` and `switchboard doctor`."""

from pathlib import Path
from typing import Any

import pytest

from cli.doctor.findings import State
from local.simulators.apns_account import new_apns_account
from local.simulators.faults import Fault
from tests.cli.conftest import ANSWERS, Operator, first_setup
from tests.cli.healthy_stack import HealthyStack

APP = ("--apns-team-id", "TEAM123456", "--apns-bundle-id", "com.example.app")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "AuthKey_KEY1234567.p8"
    path.write_text(new_apns_account().key_pem)
    return path


def test_the_key_is_stored_with_the_id_that_its_file_is_named_by(
    operator: Operator, service_account: Path, key: Path
) -> None:
    first_setup(operator, service_account)

    result = operator.run("switchboard", "--apns", str(key), *APP, "--yes")

    assert result.exit_code == 0, result.output
    stored = operator.stored("PushSecret")
    assert stored["apns"] == {
        "key": key.read_text(),
        "key_id": "KEY1234567",
        "team_id": "TEAM123456",
        "bundle_id": "com.example.app",
    }
    assert stored["fcm"]["project_id"] == "demo-project"
    again = operator.run("switchboard", "--yes").output
    assert "APNs com.example.app, team TEAM123456, key KEY1234567" in again
    assert "PRIVATE" not in result.output + again


def test_one_part_is_changed_and_the_others_stay(operator: Operator, service_account: Path, key: Path) -> None:
    first_setup(operator, service_account)
    operator.run("switchboard", "--apns", str(key), *APP, "--yes")

    assert operator.run("switchboard", "--apns-bundle-id", "com.example.next", "--yes").exit_code == 0

    assert operator.stored("PushSecret")["apns"]["bundle_id"] == "com.example.next"
    assert operator.stored("PushSecret")["apns"]["key_id"] == "KEY1234567"


def test_an_account_may_have_its_own_app(operator: Operator, service_account: Path, key: Path) -> None:
    first_setup(operator, service_account)
    operator.run("switchboard", "--apns", str(key), *APP, "--yes")

    own = ("--apns", str(key), "--apns-team-id", "TEAM999999", "--apns-bundle-id", "com.example.own", "--own-app")
    assert operator.run("switchboard", *own, "--fcm", str(service_account), "--yes").exit_code == 0

    stored = operator.stored("PushSecret")
    assert stored["apns"]["bundle_id"] == "com.example.app"
    assert stored["accounts"]["demo1m"]["apns"]["bundle_id"] == "com.example.own"
    assert stored["accounts"]["demo1m"]["fcm"]["project_id"] == "demo-project"
    assert "APNs of demo1m com.example.own" in operator.run("switchboard", "--yes").output


def test_without_fcm_it_is_not_asked_for(operator: Operator, key: Path) -> None:
    result = operator.run("switchboard", "--apns", str(key), *APP, answers=("demo1m", *ANSWERS, "y"))

    assert result.exit_code == 0, result.output
    assert set(operator.stored("PushSecret")) == {"apns"}
    assert "no Android phone rings" in result.output


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        (("--apns-bundle-id", "com.example.app"), "needs --apns, --apns-key-id, --apns-team-id too"),
        (("--apns", "/nosuch.p8", *APP), "cannot be read"),
        (("--apns", "KEY", "--apns-team-id", "team", "--apns-bundle-id", "com.example.app"), "ten capital letters"),
        (("--apns", "KEY", "--apns-team-id", "TEAM123456", "--apns-bundle-id", "com.example.app.voip"), "leave out"),
        (("--apns", "CERTIFICATE", "--apns-key-id", "KEY1234567", *APP), "no private key that APNs takes"),
    ],
)
def test_a_wrong_part_is_refused_as_it_is_read(
    operator: Operator, service_account: Path, key: Path, options: tuple[str, ...], refusal: str
) -> None:
    first_setup(operator, service_account)
    before = operator.versions()
    files = {"KEY": str(key), "CERTIFICATE": str(service_account)}

    result = operator.run("switchboard", *(files.get(one, one) for one in options), "--yes")

    assert refusal in str(result.exception)
    assert operator.versions() == before


@pytest.fixture
def deployment(deployment: HealthyStack) -> HealthyStack:
    deployment.stack.fill("PushSecret", deployment.simulators.push_secret)
    return deployment


def test_the_doctor_finds_a_good_key_good(deployment: HealthyStack) -> None:
    found = [one for one in deployment.stack.read("doctor") if one["area"] == "apns"]

    assert [(one["state"], "accepts the key" in one["seen"]) for one in found] == [(State.FINE, True)] * 2
    assert deployment.problems() == {}


@pytest.mark.parametrize(
    ("changes", "seen", "fix"),
    [
        ({"key_id": "OTHERKEY01"}, "403 InvalidProviderToken", "must belong together"),
        ({"bundle_id": "com.example.other"}, "403 TopicDisallowed", "bundle id is not one of this key's team"),
    ],
)
def test_a_bad_key_is_told_from_a_wrong_topic(
    deployment: HealthyStack, changes: dict[str, str], seen: str, fix: str
) -> None:
    secret: dict[str, Any] = deployment.simulators.push_secret
    deployment.stack.fill("PushSecret", secret | {"apns": secret["apns"] | changes})

    problems = deployment.problems()

    assert [one["seen"] for one in problems.values()] == [seen, seen]
    assert all(fix in one["fix"] for one in problems.values())


def test_a_key_for_one_environment_is_a_note(deployment: HealthyStack) -> None:
    deployment.simulators.faults.add(Fault("apns", error_code="BadEnvironmentKeyIdInToken", host="sandbox"))

    (found,) = deployment.problems().values()

    assert (found["state"], "other environment only" in found["seen"]) == (State.NOTE, True)


def test_an_incomplete_app_is_named(deployment: HealthyStack) -> None:
    deployment.stack.fill("PushSecret", deployment.simulators.push_secret | {"apns": {"key_id": "KEY1234567"}})

    (found,) = deployment.problems().values()

    assert found["name"] == "APNs app"
    assert all(part in found["seen"] for part in ("team_id", "bundle_id", "key:"))


def test_without_fcm_the_doctor_says_who_does_not_ring(deployment: HealthyStack) -> None:
    deployment.stack.fill("PushSecret", deployment.simulators.push_secret | {"fcm": None})

    (found,) = deployment.problems().values()

    assert (found["state"], found["seen"]) == (State.NOTE, "empty, so no Android phone rings")
