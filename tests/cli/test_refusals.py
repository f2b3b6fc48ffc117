"""The errors of `switchboard setup`, after which nothing is written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import aws, checks, stack
from cli.app import app
from cli.errors import OperatorError
from cli.secrets import Secrets
from tests.cli.conftest import ANSWERS, KEY_FILE, Operator, service_account_file
from tests.patience import patience

_LINES = KEY_FILE["private_key"].splitlines()
DAMAGED = "\n".join([*_LINES[:9], _LINES[9].swapcase(), *_LINES[10:]])  # whole, with a number that does not fit


def refusal(operator: Operator, *arguments: str, **environment: str) -> str:
    before = operator.versions()
    result = operator.run(*arguments, answers=(), **environment)
    assert isinstance(result.exception, OperatorError), result.output
    assert operator.versions() == before
    return str(result.exception)


def test_a_stack_that_does_not_exist(operator: Operator) -> None:
    assert refusal(operator, "nosuch") == (
        "there is no stack nosuch in ap-south-1: deploy it with `make deploy`, or choose another --region or --profile"
    )


def test_a_stack_of_something_else(operator: Operator) -> None:
    operator.stack("other", {"ApiBase": "https://example.com"})
    assert "has no output WebhookSecretArn, AccountsSecretArn, PushSecretArn" in refusal(operator, "other")


def test_no_region(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    assert refusal(operator, "switchboard") == "no AWS region: give --region, or set AWS_REGION"


def test_a_profile_that_does_not_exist(operator: Operator) -> None:
    assert "choose another with --profile" in refusal(operator, "switchboard", AWS_PROFILE="nosuch")


def test_unattended_it_names_what_is_missing(operator: Operator) -> None:
    assert "Give --account SID" in refusal(operator, "switchboard", "--yes")
    assert refusal(operator, "switchboard", "--yes", "--account", "demo1m") == (
        "Exotel API key is missing: give --exotel-key or set EXOTEL_API_KEY"
    )


def test_json_is_refused_by_what_has_none() -> None:
    result = CliRunner().invoke(app, ["--json", "setup"])
    assert str(result.exception) == "setup prints no JSON: leave out --json"


def test_one_accounts_environment_is_not_taken_for_another(operator: Operator) -> None:
    reason = refusal(operator, "switchboard", "--account", "second9", EXOTEL_ACCOUNT_SID="demo1m")
    assert reason.startswith("--account is second9, EXOTEL_ACCOUNT_SID is demo1m")


@pytest.mark.parametrize("text", ["[]", "no JSON", '{"fcm": "text", "demo1m": "text", "accounts": {"demo1m": null}}'])
@pytest.mark.parametrize("secret", ["PushSecret", "WebhookSecret", "AccountsSecret"])
def test_a_secret_that_holds_something_else(operator: Operator, secret: str, text: str) -> None:
    operator.secrets.put_secret_value(SecretId=operator.arns[secret], SecretString=text)
    assert "has an unexpected content: fix or empty it" in refusal(operator, "switchboard")


def test_secrets_that_changed_meanwhile_are_not_overwritten(operator: Operator) -> None:
    session = aws.session(None, None)
    secrets = Secrets(session, stack.find(session, "switchboard"))
    stored = secrets.read()
    operator.secrets.put_secret_value(SecretId=operator.arns["AccountsSecret"], SecretString='{"server_key": "theirs"}')
    with pytest.raises(OperatorError, match="changed the secrets meanwhile"):
        secrets.write(stored, stored.configuration.with_server_key("ours"))
    assert operator.stored("AccountsSecret") == {"server_key": "theirs"}


def test_a_bad_answer_is_asked_again(operator: Operator, service_account: Path) -> None:
    answers = ("bad sid", "demo1m", *ANSWERS[:4], "call me", *ANSWERS[4:], "/nosuch.json", str(service_account), "y")
    result = operator.run("switchboard", answers=answers)
    assert result.exit_code == 0, result.output
    assert "Error: a phone number has 3 to 15 digits" in result.output
    assert "Error: /nosuch.json cannot be read" in result.output


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--account", "has space", "letters and digits only"),
        ("--exotel-host", "http://chaotix.mum1.exotel.in", "must be https"),
        ("--exotel-host", "https://key:token@host", "without credentials"),
        ("--sdk-host", "https://", "is a URL"),
        ("--exophone", "+", "3 to 15 digits"),
        ("--exotel-key", "two words", "no spaces"),
        ("--fcm", "/nosuch/file.json", "cannot be read"),
    ],
)
def test_an_invalid_option_is_refused(operator: Operator, option: str, value: str, reason: str) -> None:
    given = {"--account": "demo1m", "--exotel-key": "k", "--exotel-token": "t", "--exophone": "08040408080"}
    given |= {"--exotel-host": "chaotix.mum1.exotel.in"} | {option: value}
    assert reason in refusal(operator, "switchboard", "--yes", *(part for pair in given.items() for part in pair))


def test_a_bare_host_gets_https_and_localhost_may_use_http() -> None:
    assert checks.base_url("chaotix.mum1.exotel.in/") == "https://chaotix.mum1.exotel.in"
    assert checks.base_url("http://127.0.0.1:4010") == "http://127.0.0.1:4010"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"type": "authorized_user"}, "is no service account file"),
        ({"private_key": ""}, "lacks private_key"),
        ({"client_email": 1}, "lacks client_email"),
        ({"private_key": "hex"}, "is no valid RSA key"),
        ({"private_key": DAMAGED}, "is no valid RSA key"),
    ],
)
def test_a_file_that_is_no_service_account_is_refused(tmp_path: Path, changed: dict[str, object], reason: str) -> None:
    path = service_account_file(tmp_path / "firebase.json", **changed)
    with pytest.raises(ValueError, match=reason):
        checks.service_account(str(path))


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "firebase.json").write_text("no")
    with pytest.raises(ValueError, match="is not JSON"):
        checks.service_account(str(tmp_path / "firebase.json"))


def in_a_process(**environment: str) -> subprocess.CompletedProcess[str]:
    nothing = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_REGION": "us-east-1"}
    nothing |= {"AWS_EC2_METADATA_DISABLED": "true", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "cli", "setup"]
    return subprocess.run(
        command, env=nothing | environment, capture_output=True, text=True, check=False, timeout=patience(60)
    )


def test_no_credentials() -> None:
    done = in_a_process()
    assert done.returncode == 2
    assert done.stderr.startswith("switchboard: no AWS credentials: log in to AWS")


def test_a_refusal_is_one_line_and_exit_code_2() -> None:
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
    done = in_a_process(AWS_ENDPOINT_URL="http://127.0.0.1:1", AWS_MAX_ATTEMPTS="1", **keys)
    assert done.returncode == 2
    assert done.stderr.startswith("switchboard: Could not connect to the endpoint URL")
    assert done.stderr.count("\n") == 1
