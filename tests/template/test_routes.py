"""The routes of the template and those that each function's code serves are the same."""

import json

import pytest

from docs.openapi.routes import KNOWN, known
from switchboard.web import http
from tests.deployment import deployed
from tests.sam_template import DEFAULT, api_routes, resources, route_key

API_FUNCTIONS = {
    name: {route_key(event) for event in f["Events"].values() if event["Type"] == "HttpApi"}
    for name, f in resources("AWS::Serverless::Function").items()
}


@pytest.mark.parametrize("name", [name for name, declared in API_FUNCTIONS.items() if declared])
def test_a_function_serves_what_the_template_sends_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    served: set[str] = set()
    monkeypatch.setattr(http, "api", lambda routes, *_, **__: served.update(routes))
    with deployed() as stack:
        stack.function(name)
    assert served == API_FUNCTIONS[name]


def test_what_refuses_the_rest_knows_every_route() -> None:
    assert KNOWN.read_text(encoding="utf-8") == known(), "run `make docs`"
    assert set(json.loads(known())) == set(api_routes()) - {DEFAULT}


def test_the_rest_has_a_throttle_of_its_own() -> None:
    (api,) = resources("AWS::Serverless::HttpApi").values()
    assert api["RouteSettings"][DEFAULT] == {"ThrottlingRateLimit": 20, "ThrottlingBurstLimit": 40}
