"""The environment variables of a local run, and the errors for wrong values."""

import json
from pathlib import Path

import pytest

from local import demo
from local.errors import LocalStackError
from local.options import Options, read_options

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
