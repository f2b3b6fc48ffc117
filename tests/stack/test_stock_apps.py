"""Exotel's unchanged sample apps: all requests where StockApps=allow, only the login elsewhere."""

import io
import json
import zipfile
from typing import Any

import httpx
import pytest

from tests.patience import patience
from tests.sam_template import ROOT
from tests.stack.conftest import Api

VECTORS = json.loads((ROOT / "tests" / "vectors" / "sample_apps.json").read_text())
GUARDED = [case for area in ("device_token", "context", "contacts", "logs") for case in VECTORS[area]]


def play(api: Api, case: dict[str, Any], headers: dict[str, str] | None = None) -> httpx.Response:
    sent = case.get("headers", {}) | (headers or {})
    content = json.dumps(case["json"]).encode() if "json" in case else None
    if content and "Content-Type" not in sent:
        sent["Content-Type"] = "application/json"
    return api.http.request(case["method"], f"/v1{case['path']}", content=content, headers=sent)


def found(body: Any, path: str) -> Any:
    for key in path.split("."):
        body = body[key]
    return body


def meets(answer: httpx.Response, needs: dict[str, Any]) -> None:
    assert answer.status_code in needs["status"]
    body = answer.json()
    if "http_code" in needs:
        assert body["http_code"] in needs["http_code"]
    for path in needs.get("present", []):
        assert found(body, path) is not None
    for path in needs.get("strings_never_null", []):
        assert isinstance(found(body, path), str)
    if "shape" in needs:
        same_shape(body["response"], needs["shape"]["response"])


def same_shape(given: Any, wanted: Any) -> None:
    if isinstance(wanted, list):
        assert given
        for one in given:
            same_shape(one, wanted[0])
    elif isinstance(wanted, dict):
        for key, value in wanted.items():
            same_shape(given[key], value)
    else:
        assert type(given) is type(wanted)


@pytest.mark.parametrize("stack", ["allowing", "denying"])
@pytest.mark.parametrize(
    "case", VECTORS["login"], ids=[f"{c['app']} {c['json']['password']}" for c in VECTORS["login"]]
)
def test_the_apps_log_in_in_both_modes(stack: str, case: dict[str, Any], request: pytest.FixtureRequest) -> None:
    meets(play(request.getfixturevalue(stack), case), case["needs"])


def test_the_whole_exchange_passes_where_the_apps_are_let_in(allowing: Api) -> None:
    for case in GUARDED:
        meets(play(allowing, case), case["needs"])


@pytest.mark.parametrize(
    "case", GUARDED, ids=[f"{case['app']} {case['method']} {case['path'].rpartition('/')[2]}" for case in GUARDED]
)
def test_in_the_secure_mode_a_session_is_needed_and_it_must_be_the_users_own(
    denying: Api, case: dict[str, Any]
) -> None:
    denying.set_context("alice", "bob")
    assert play(denying, case).status_code == 401
    assert play(denying, case, denying.login("carol")).status_code == 403
    meets(play(denying, case, denying.login("alice")), case["needs"])


@pytest.mark.parametrize("app", ["ios", "android"])
def test_a_log_upload_by_either_apps_method_is_taken(allowing: Api, app: str) -> None:
    case = next(case for case in VECTORS["logs"] if case["app"] == app)
    url = play(allowing, case).json()["logDestinationURL"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("sdk.log", "a line")
    if app == "ios":
        answer = httpx.put(url, content=archive.getvalue(), timeout=patience(5))
    else:
        answer = httpx.put(
            url, files={"file": ("logs.zip", archive.getvalue(), "application/zip")}, timeout=patience(5)
        )
    assert answer.is_success, answer.text
