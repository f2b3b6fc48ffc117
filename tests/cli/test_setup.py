"""`switchboard setup` as an operator meets it."""

import re
from pathlib import Path

from tests.cli.conftest import ANSWERS, BASE, Operator


def first_setup(operator: Operator, service_account: Path) -> None:
    result = operator.run("switchboard", answers=("demo1m", *ANSWERS, str(service_account), "y"))
    assert result.exit_code == 0, result.output


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


def test_what_was_typed_as_a_secret_is_never_shown(operator: Operator, service_account: Path) -> None:
    typed = operator.run("switchboard", answers=("demo1m", *ANSWERS, str(service_account), "y")).output
    again = operator.run("switchboard", answers=("n",)).output
    assert "exotel-key-1" not in typed + again
    assert "exotel-token-1" not in typed + again
    assert "PRIVATE KEY" not in typed + again


def test_nothing_is_written_without_a_yes(operator: Operator, service_account: Path) -> None:
    before = operator.versions()
    result = operator.run("switchboard", answers=("demo1m", *ANSWERS, str(service_account), "n"))
    assert result.exit_code == 1
    assert "nothing was written" in str(result.exception)
    assert operator.versions() == before


def test_a_second_run_asks_one_question_and_writes_nothing(operator: Operator, service_account: Path) -> None:
    first_setup(operator, service_account)
    before = operator.versions()
    result = operator.run("switchboard", answers=("n",))
    assert result.exit_code == 0, result.output
    assert "Nothing to change; nothing was written." in result.output
    assert operator.versions() == before


def test_enter_keeps_every_value_and_one_can_be_changed(operator: Operator, service_account: Path) -> None:
    first_setup(operator, service_account)
    pushed, webhook = operator.stored("PushSecret"), operator.stored("WebhookSecret")
    result = operator.run("switchboard", answers=("y", "", "", "", "", "+918040408080", "", "", "y"))

    assert result.exit_code == 0, result.output
    account = operator.stored("AccountsSecret")["accounts"]["demo1m"]
    assert (account["exophone"], account["api_key"]) == ("+918040408080", "exotel-key-1")
    assert operator.stored("PushSecret") == pushed
    assert operator.stored("WebhookSecret") == webhook


def test_only_the_secret_that_changes_is_written(operator: Operator, service_account: Path) -> None:
    first_setup(operator, service_account)
    webhook, accounts, push = operator.versions()
    operator.run("switchboard", "--exophone", "08011112222", "--yes")
    assert operator.versions()[0] == webhook
    assert operator.versions()[1] != accounts
    assert operator.versions()[2] == push


def test_only_what_is_missing_is_asked(operator: Operator, service_account: Path) -> None:
    options = ("--account", "demo1m", "--exotel-host", "https://chaotix.mum1.exotel.in", "--exophone", "08040408080")
    result = operator.run(
        "switchboard",
        *options,
        answers=("https://sdk.example.com/v2", "", "y"),
        EXOTEL_API_KEY="k",
        EXOTEL_API_TOKEN="t",
        FCM_SERVICE_ACCOUNT=str(service_account),
    )
    assert result.exit_code == 0, result.output
    assert operator.stored("AccountsSecret")["accounts"]["demo1m"]["sdk_host"] == "https://sdk.example.com/v2"


def test_a_further_account_leaves_the_first_alone(operator: Operator, service_account: Path) -> None:
    first_setup(operator, service_account)
    accounts, webhook = operator.stored("AccountsSecret"), operator.stored("WebhookSecret")
    result = operator.run("switchboard", "--account", "second9", answers=("k2", "t2", "1", "", "08099998888", "", "y"))

    assert result.exit_code == 0, result.output
    after = operator.stored("AccountsSecret")
    assert after["server_key"] == accounts["server_key"]
    assert after["accounts"]["demo1m"] == accounts["accounts"]["demo1m"]
    assert after["accounts"]["second9"]["api_host"] == "https://chaotix.mum1.exotel.in"
    hooks = operator.stored("WebhookSecret")
    assert hooks["demo1m"] == webhook["demo1m"]
    assert hooks["second9"]["password"] != hooks["demo1m"]["password"]


def test_with_several_accounts_it_asks_which(operator: Operator, service_account: Path) -> None:
    first_setup(operator, service_account)
    operator.run("switchboard", "--account", "second9", answers=("k2", "t2", "1", "", "08099998888", "", "y"))
    result = operator.run("switchboard", answers=("second9", "n"))
    assert "/accounts/second9/dialtonumber" in result.output
    assert "/accounts/demo1m/dialtonumber" not in result.output


def test_values_put_in_by_hand_stay(operator: Operator, service_account: Path) -> None:
    operator.secrets.put_secret_value(
        SecretId=operator.arns["PushSecret"], SecretString='{"fcm_base_url": "https://fcm.example.com/v1/projects"}'
    )
    first_setup(operator, service_account)
    assert operator.stored("PushSecret")["fcm_base_url"] == "https://fcm.example.com/v1/projects"


def test_the_number_that_the_callee_sees_is_set_and_taken_back(operator: Operator, service_account: Path) -> None:
    first_setup(operator, service_account)
    operator.run("switchboard", "--outgoing-number", "080 8080 8080", "--yes")
    assert operator.stored("WebhookSecret")["demo1m"]["outgoing_phone_number"] == "08080808080"
    operator.run("switchboard", "--outgoing-number", "-", "--yes")
    assert "outgoing_phone_number" not in operator.stored("WebhookSecret")["demo1m"]


def test_rotation_renews_what_is_named_and_nothing_else(operator: Operator, service_account: Path) -> None:
    first_setup(operator, service_account)
    accounts, webhook = operator.stored("AccountsSecret"), operator.stored("WebhookSecret")["demo1m"]
    assert operator.run("switchboard", "--rotate", "webhooks", "--yes").exit_code == 0
    renewed = operator.stored("WebhookSecret")["demo1m"]
    assert all(renewed[key] != webhook[key] for key in ("user", "password", "path"))
    assert operator.stored("AccountsSecret") == accounts

    assert operator.run("switchboard", "--rotate", "server-key", "--yes").exit_code == 0
    assert operator.stored("AccountsSecret")["server_key"] != accounts["server_key"]
    assert operator.stored("WebhookSecret")["demo1m"] == renewed


def test_the_service_account_may_come_later(operator: Operator, service_account: Path) -> None:
    result = operator.run("switchboard", answers=("demo1m", *ANSWERS, "", "y"))
    assert "no phone rings" in result.output
    assert operator.run("switchboard", "--fcm", str(service_account), "--yes").exit_code == 0
    assert operator.stored("PushSecret")["fcm"]["project_id"] == "demo-project"


def test_credentials_can_be_kept_out_of_a_log(operator: Operator, service_account: Path) -> None:
    first_setup(operator, service_account)
    output = operator.run("switchboard", "--yes", "--hide-credentials").output
    secrets = [*operator.stored("WebhookSecret")["demo1m"].values(), operator.stored("AccountsSecret")["server_key"]]
    assert not any(one in output for one in secrets[1:])
