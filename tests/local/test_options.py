"""The environment variables of a local run, and the errors for wrong values."""

import json
from pathlib import Path

import pytest

from local import demo
from local.deployment.template_parameters import checked
from local.errors import LocalStackError
from local.options import Options, read_options
from tests.sam_template import load

ANYWHERE = "0.0.0.0"  # noqa: S104 - it is only read here
EXOTEL = {"EXOTEL_API_KEY": "k", "EXOTEL_API_TOKEN": "t", "EXOTEL_ACCOUNT_SID": "acme1", "EXOTEL_API_HOST": "h.example"}


def test_an_empty_environment_is_the_demo() -> None:
    options = read_options({"PORT": "", "HOST": ""})
    assert options == Options("127.0.0.1", 3000, "allow", None, None)
    assert (options.account, options.exophone) == (demo.ACCOUNT, demo.EXOPHONE)


def test_everything_can_be_set(tmp_path: Path) -> None:
    file = tmp_path / "account.json"
    file.write_text(json.dumps({"project_id": "p", "private_key": "k", "client_email": "e"}))
    environment = {"PORT": "0", "HOST": ANYWHERE, "STOCK_APPS": "deny", "FCM_SERVICE_ACCOUNT": str(file)}
    options = read_options(environment | EXOTEL | {"EXOTEL_EXOPHONE": "0123"})
    assert (options.port, options.host, options.stock_apps, options.reachable_host) == (
        0,
        ANYWHERE,
        "deny",
        "127.0.0.1",
    )
    assert (options.account, options.exophone) == ("acme1", "0123")
    assert options.exotel
    assert (options.exotel.api_host, options.exotel.sdk_host) == ("https://h.example", demo.SDK_HOST)
    assert options.fcm_service_account
    assert options.fcm_service_account["project_id"] == "p"


def test_parameters_of_the_template_are_given_as_a_shell_writes_them() -> None:
    options = read_options({"PARAMETERS": "RingSeconds=20 MissedCallPush=on ExotelAddresses='10.0.0.0/8, 10.1.0.0/16'"})
    assert options.parameters == {
        "RingSeconds": "20",
        "MissedCallPush": "on",
        "ExotelAddresses": "10.0.0.0/8, 10.1.0.0/16",
    }


@pytest.mark.parametrize("text", ["RingSeconds", "=20", "RingSeconds='20"])
def test_parameters_that_are_written_otherwise_are_one_clear_line(text: str) -> None:
    with pytest.raises(LocalStackError, match=r"^PARAMETERS"):
        read_options({"PARAMETERS": text})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"RingSecond": "20"}, "the template has no parameter RingSecond; did you mean RingSeconds?"),
        ({"X": "1"}, "no parameter X: there are AlarmEmail, "),
        ({"RingSeconds": "4"}, "RingSeconds is at least 5, not '4'"),
        ({"RingSeconds": "61"}, "RingSeconds is at most 60, not '61'"),
        ({"RingSeconds": "soon"}, "RingSeconds is a whole number, not 'soon'"),
        ({"MissedCallPush": "yes"}, "MissedCallPush is one of off, on, not 'yes'"),
        ({"ExotelAddresses": "!"}, "ExotelAddresses must match"),
        ({"OidcIssuer": "x" * 513}, "OidcIssuer has at most 512 characters"),
    ],
)
def test_a_parameter_that_the_template_refuses_is_one_clear_line(given: dict[str, str], told: str) -> None:
    with pytest.raises(LocalStackError) as refusal:
        checked(given, load())
    assert str(refusal.value).startswith("PARAMETERS: ")
    assert told in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_good_parameters_pass() -> None:
    assert checked({"RingSeconds": "20", "MissedCallPush": "on", "AlarmEmail": ""}, load())


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "65536"}, "PORT"),
        ({"STOCK_APPS": "yes"}, "STOCK_APPS"),
        ({"EXOTEL_API_KEY": "k"}, "EXOTEL_API_TOKEN, EXOTEL_ACCOUNT_SID, EXOTEL_API_HOST"),
        ({"FCM_SERVICE_ACCOUNT": "/nonexistent"}, "/nonexistent"),
    ],
)
def test_a_mistake_is_reported_in_one_line(wrong: dict[str, str], told: str) -> None:
    with pytest.raises(LocalStackError, match=told) as raised:
        read_options(wrong)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_no_service_account_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "account.json"
    file.write_text("[]")
    with pytest.raises(LocalStackError, match="not a service account"):
        read_options({"FCM_SERVICE_ACCOUNT": str(file)})
