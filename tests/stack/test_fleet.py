"""The operator's commands for dead letters and subscribers, on the deployed template."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.app import app
from local import demo
from local.calls.call_data import call_data
from tests.stack.conftest import Api, wait_until

RING_SECONDS = 8  # of the hurried stack


class Operator:
    def __init__(self, api: Api) -> None:
        self._environment = {"PORT": str(api.stack.port), "HOST": "", "EXOTEL_ACCOUNT_SID": None}

    def json(self, *arguments: str) -> Any:
        result = CliRunner().invoke(app, ["--local", "--json", *arguments], env=self._environment)
        assert result.exit_code == 0, f"{result.output} {result.exception!r}"
        return json.loads(result.stdout)


@pytest.fixture
def operator(hurried: Api) -> Operator:
    hurried.http.delete("/_sim/faults")
    hurried.http.delete("/_sim/pushes")
    hurried.stack.aws.sqs.purge_queue(QueueUrl=hurried.stack.deployment.resources["PushDeadLetterQueue"])
    return Operator(hurried)


def test_a_redriven_call_that_no_longer_rings_is_dropped(hurried: Api, operator: Operator) -> None:
    hurried.fault(target="fcm", status=400)
    stale = hurried.outcomes().get("stale", 0)
    began = time.monotonic()
    assert hurried.push("bob", call_data("grace")).status_code == 200
    wait_until(lambda: hurried.queued("PushDeadLetterQueue") == 1, 10)
    (shown,) = operator.json("dlq", "show", "--queue", "push")
    assert [one["reason"] for one in shown["reasons"]] == ["400 INVALID_ARGUMENT"]
    wait_until(lambda: time.monotonic() > began + RING_SECONDS, RING_SECONDS + 1)

    (moved,) = operator.json("dlq", "redrive", "--queue", "push", "--yes")
    assert (moved["destination"], moved["moved"]) == ("PushQueue", 1)
    wait_until(lambda: hurried.outcomes().get("stale", 0) == stale + 1, 10)
    wait_until(lambda: hurried.queued() == 0, 10)
    assert hurried.queued("PushDeadLetterQueue") == 0
    assert hurried.rung() == []


def test_who_is_imported_can_log_in_and_who_is_suspended_cannot(
    hurried: Api, operator: Operator, tmp_path: Path
) -> None:
    csv_file = tmp_path / "users.csv"
    csv_file.write_text(f"name,password\nheidi,{demo.PASSWORD}\ngrace,{demo.PASSWORD}\n")
    done = operator.json("subscribers", "import", str(csv_file))
    assert (done["exotel"]["created"], done["here"]["created"]) == (2, 2)
    assert hurried.login("heidi")
    assert operator.json("subscribers", "list")["differences"] == {}

    operator.json("subscribers", "suspend", "heidi")
    body = {"user_name": "heidi", "password": demo.PASSWORD, "account_sid": demo.ACCOUNT, "device_id": "2fc4b591"}
    assert hurried.http.post("/v1/login", json=body).status_code == 403
    assert operator.json("subscribers", "delete", "heidi", "grace", "--yes")["deleted"] == ["heidi", "grace"]
    assert "grace" not in {one["name"] for one in operator.json("subscribers", "list")["subscribers"]}
