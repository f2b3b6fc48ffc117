"""A stack with `STATE` begins where the last one ended; `WATCH` runs changed code."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from local import demo
from local.options import Options
from local.stack import LocalStack
from tests.patience import in_time, patience
from tests.sam_template import ROOT
from tests.stack.conftest import Api, wait_until

pytestmark = pytest.mark.long


@contextmanager
def opened(stack: LocalStack) -> Iterator[Api]:
    with httpx.Client(base_url=stack.base_url, timeout=patience(30)) as http:
        yield Api(stack, http)


def outcomes(api: Api) -> list[str | None]:
    """How alice's calls ended."""
    calls = api.http.get(api.subscriber("alice", "/calls"), headers=api.login("alice")).json()["calls"]
    return [call["outcome"] for call in calls]


def test_users_devices_and_calls_are_there_after_a_restart(tmp_path: Path) -> None:
    options = Options(port=0, stock_apps="deny", state=tmp_path / "state")
    with LocalStack(options) as stack, opened(stack) as api:
        key = {"Authorization": f"Bearer {demo.SERVER_KEY}"}
        grace = {"password": "correct horse", "display_name": "Grace"}
        assert api.http.put(api.subscriber("grace"), json=grace, headers=key).status_code == 201
        assert api.http.put(api.subscriber("carol"), json={"status": "inactive"}, headers=key).status_code == 200
        assert api.call("alice", "bob")["outcome"] == "ringing"
        api.fault(target="fcm", error_code="UNREGISTERED")
        assert api.call("alice", "dave")["outcome"] == "ringing"
        devices = {name: api.devices(name) for name in ("alice", "bob", "dave", "frank")}
        wait_until(lambda: outcomes(api) == ["answered", "answered"], 30)
    assert b"local-exotel-token" not in b"".join(file.read_bytes() for file in options.state.iterdir())  # type: ignore[union-attr]
    with LocalStack(options) as stack, opened(stack) as api:
        assert outcomes(api) == ["answered", "answered"]
        assert {name: api.devices(name) for name in devices} == devices  # dave's dead phone stays dead
        body = {"user_name": "grace", "password": "correct horse", "account_sid": demo.ACCOUNT, "device_id": "d1"}
        assert api.http.post("/v1/login", json=body).status_code == 200
        assert api.http.post("/v1/login", json=body | {"user_name": "carol", "password": demo.PASSWORD}).is_error
        assert api.call("bob", "alice")["outcome"] == "ringing"


def test_changed_code_of_the_package_answers_within_three_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a copy of the sources: the repository's own stay as they are."""
    for folder in ("functions", "layers/switchboard/switchboard"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setattr("local.stack.SOURCES", tmp_path)
    with LocalStack(Options(port=0, watch=True)) as stack, opened(stack) as api:
        said = tmp_path / "layers/switchboard/switchboard/web/refuse_unknown.py"
        said.write_text(said.read_text().replace("no such route", "changed: no such route"))
        began = time.monotonic()
        wait_until(lambda: "changed: no such route" in api.http.get("/v1/nothing").text, 10)
        assert in_time(time.monotonic() - began, 3.0)
