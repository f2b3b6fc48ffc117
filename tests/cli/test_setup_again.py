"""`switchboard setup` on a stack that was set up before."""

import json
from pathlib import Path

from tests.cli.conftest import ANSWERS, Operator, first_setup


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


def test_an_empty_credential_that_was_written_by_hand_is_made_anew(operator: Operator, service_account: Path) -> None:
    first_setup(operator, service_account)
    entry = operator.stored("WebhookSecret")["demo1m"]
    written = json.dumps({"demo1m": entry | {"path": ""}})
    operator.secrets.put_secret_value(SecretId=operator.arns["WebhookSecret"], SecretString=written)

    result = operator.run("switchboard", "--yes")

    assert result.exit_code == 0, result.output
    after = operator.stored("WebhookSecret")["demo1m"]
    assert len(after["path"]) == 43
    assert after["password"] == entry["password"]
