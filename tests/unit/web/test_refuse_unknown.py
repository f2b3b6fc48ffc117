"""Unknown routes are refused with the name of a similar route; the path is not repeated."""

import json

import pytest

from docs.openapi.routes import KNOWN
from switchboard.web.refuse_unknown import RefuseUnknown

HOOK = "/v1/hooks/{secret}/accounts/{accountSid}"
SUBSCRIBER = "/v1/accounts/{accountSid}/subscribers/{name}"
REFUSE = RefuseUnknown(json.loads(KNOWN.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("method", "path", "meant"),
    [
        ("POST", "/v1//login", "write POST /v1/login without"),
        ("POST", "//v1/login", "write POST /v1/login without"),
        ("POST", "/v1/login/", "write POST /v1/login without"),
        ("POST", "//v1///login//", "write POST /v1/login without"),
        ("GET", "/v1//accounts/demo1m/subscribers/sip%3Aalice/context", f"write GET {SUBSCRIBER}/context without"),
        ("DELETE", "/v1/accounts/demo1m/subscribers/alice/", f"write DELETE {SUBSCRIBER} without"),
        (
            "GET",
            "/v1/hooks/s/accounts/a/dialtonumber/",
            f"write GET {HOOK}/dialtonumber",
        ),
        ("GET", "/v1/login", "/v1/login takes POST"),
        ("PUT", "/v1/accounts/a/subscribers/b/context", f"{SUBSCRIBER}/context takes POST, GET, DELETE"),
        ("GET", "/v1/login/", "write POST /v1/login without"),
    ],
)
def test_the_route_that_was_meant_is_named(method: str, path: str, meant: str) -> None:
    refusal = REFUSE(method, path)
    assert (refusal.code, meant in refusal.message) == ("unknown_route", True), refusal.message


@pytest.mark.parametrize("path", ["", "/", "/login", "/v1", "/v2/login", "/v1/accounts//dialtonumber/x"])
def test_an_unrelated_path_gets_only_the_explanation_of_the_base_url(path: str) -> None:
    assert REFUSE("POST", path).message.startswith("no such route: the apps append")


@pytest.mark.parametrize("path", ["/v1/hooks/my-secret/accounts/a/dialtonumber/", "/my-secret", "/v1/my-secret//"])
def test_nothing_of_the_path_is_repeated(path: str) -> None:
    assert "my-secret" not in REFUSE("GET", path).message


def test_a_path_of_nothing_but_slashes_costs_no_more_than_its_length() -> None:
    assert REFUSE("GET", "/" * 10_000).code == "unknown_route"
