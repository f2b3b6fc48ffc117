"""Unknown routes in the deployed stack: our own 404 by `$default`, which names the similar route."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from tests.stack.conftest import Api


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("POST", "/v1//login", "write POST /v1/login without"),
        ("POST", "/v1/login/", "write POST /v1/login without"),
        ("GET", "/v1//accounts/demo1m/subscribers/alice/contacts", "write GET /v1/accounts/{accountSid}/subscribers"),
        ("GET", "/v1/login", "/v1/login takes POST"),
        ("POST", "//login", "the apps append to a base URL"),
        ("GET", "/favicon.ico", "the apps append to a base URL"),
    ],
)
def test_an_unnormalised_path_gets_our_404(allowing: Api, method: str, path: str, said: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(allowing.stack.base_url).netloc, timeout=30)
    connection.request(method, path, body="{}" if method == "POST" else None)  # as it is: no client tidies it up
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    assert (answer.status, body["http_code"], body["code"]) == (404, 404, "unknown_route")
    assert said in body["message"]
    assert body["request_id"]
    assert answer.getheader("Content-Type") == "application/json; charset=utf-8"
