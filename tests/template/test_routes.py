"""The routes of the template and those that each function's code serves are the same."""

import pytest

from switchboard.edge import http
from tests.deployment import deployed
from tests.sam_template import resources

API_FUNCTIONS = {
    name: {
        f"{e['Properties']['Method']} {e['Properties']['Path']}" for e in f["Events"].values() if e["Type"] == "HttpApi"
    }
    for name, f in resources("AWS::Serverless::Function").items()
}


@pytest.mark.parametrize("name", [name for name, declared in API_FUNCTIONS.items() if declared])
def test_a_function_serves_what_the_template_sends_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    served: set[str] = set()
    monkeypatch.setattr(http, "api", lambda routes, *_: served.update(routes))
    with deployed() as stack:
        stack.function(name)
    assert served == API_FUNCTIONS[name]
