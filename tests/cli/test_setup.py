"""`switchboard setup` on a stack whose secrets are empty."""

import re
from pathlib import Path

from tests.cli.conftest import ANSWERS, BASE, Operator, first_setup


def test_the_first_setup_fills_all_three_secrets(operator: Operator, service_account: Path) -> None:
    first_setup(operator, service_account)

    accounts = operator.stored("AccountsSecret")
    assert accounts["accounts"] == {
        "demo1m": {
            "api_key": "exotel-key-1",
            "api_token": "exotel-token-1",
            "api_host": "https://chaotix.apac-sg.exotel.in",
            "sdk_host": "https://miles.apac-sg.exotel.in/v2",
            "exophone": "08040408080",
        }
    }
    assert len(accounts["server_key"]) >= 40
    webhook = operator.stored("WebhookSecret")["demo1m"]
    assert set(webhook) == {"user", "password", "path"}
    assert len(webhook["password"]) >= 40
    assert len(webhook["path"]) >= 40
    assert operator.stored("PushSecret")["fcm"]["project_id"] == "demo-project"


def test_generated_credentials_need_no_escaping_anywhere(operator: Operator, service_account: Path) -> None:
    first_setup(operator, service_account)
    made = [*operator.stored("WebhookSecret")["demo1m"].values(), operator.stored("AccountsSecret")["server_key"]]
    assert all(re.fullmatch("[A-Za-z0-9]+", one) for one in made)


def test_the_urls_are_printed_ready_to_paste(operator: Operator, service_account: Path) -> None:
    answers = ("demo1m", *ANSWERS, str(service_account), "y")
    lines = [line.strip() for line in operator.run("switchboard", answers=answers).output.splitlines()]

    webhook = operator.stored("WebhookSecret")["demo1m"]
    signed = BASE.replace("https://", f"https://{webhook['user']}:{webhook['password']}@")
    for route in ("dialtonumber", "pushtoclient", "callevents"):
        assert f"{signed}/accounts/demo1m/{route}" in lines
        assert f"{BASE}/hooks/{webhook['path']}/accounts/demo1m/{route}" in lines


def test_a_secret_typed_by_the_operator_is_never_shown(operator: Operator, service_account: Path) -> None:
    typed = operator.run("switchboard", answers=("demo1m", *ANSWERS, str(service_account), "y")).output
    again = operator.run("switchboard", answers=("n",)).output
    assert "exotel-key-1" not in typed + again
    assert "exotel-token-1" not in typed + again
    assert "PRIVATE KEY" not in typed + again


def test_nothing_is_written_without_confirmation(operator: Operator, service_account: Path) -> None:
    before = operator.versions()
    result = operator.run("switchboard", answers=("demo1m", *ANSWERS, str(service_account), "n"))
    assert result.exit_code == 1
    assert "nothing was written" in str(result.exception)
    assert operator.versions() == before
