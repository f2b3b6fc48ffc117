"""Requests that schemathesis generates from docs/openapi.json, valid and invalid ones."""

from typing import Any

import requests
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from docs.openapi.document import document
from local import demo
from tests.fuzz.judging import TRACES
from tests.fuzz.tries import TRIED
from tests.patience import patience
from tests.stack.conftest import EXOTEL, Api
from tests.stack.log_scan import made_up

CHECKS: list[Any] = [
    *(not_a_server_error, status_code_conformance, content_type_conformance),
    *(response_schema_conformance, response_headers_conformance),
]
SECRETS = (demo.SERVER_KEY, demo.WEBHOOK_PASSWORD, demo.API_KEY, demo.API_TOKEN, "PRIVATE KEY")
MADE: dict[str, Any] = {
    operation.ok().label: operation.ok()  # none is an error
    for operation in openapi.from_dict(document()).get_all_operations()
}
# of a path that is no route: what `$default` answers, and the local server where dots lead out of the API
ELSEWHERE = ('"code":"unknown_route"', "404: Not Found")


def cases(route: str, *, proved: bool) -> st.SearchStrategy[Case[Any]]:
    """Return cases of a route; `proved` ones have a path that is right, for who may ask."""
    name = "erin" if MADE[route].tags == ["Subscribers"] else "alice"
    right = {"accountSid": demo.ACCOUNT, "name": name, "secret": demo.WEBHOOK_PATH, "pushId": "push-1"}
    path = {key: value for key, value in right.items() if f"{{{key}}}" in route} if proved else None
    how: Any = {"path_parameters": path} if path else {}
    made = [MADE[route].as_strategy(generation_mode=mode, **how) for mode in GenerationMode]
    return st.one_of(*made)


class Client:
    """Sends cases to a running stack, and judges the answers."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._http = requests.Session()
        self._session: dict[str, str] = {}

    def send(self, route: str, case: Case[Any], *, proved: bool) -> None:
        if proved:
            case.headers.update(self._proof(route))
        with made_up():
            answer = case.call(base_url=self._api.stack.base_url, session=self._http, timeout=patience(30))
        if route.endswith("/logout"):
            self._session = {}
        if route.endswith(("/login", "/feedback", "/events", "/ack", "/logs")):
            self._forget_attempts()
        self._judge(case, answer)

    def close(self) -> None:
        self._http.close()

    def _judge(self, case: Case[Any], answer: Any) -> None:
        TRIED[f"{answer.status_code // 100}xx"] += 1
        text = answer.text or ""
        assert not [secret for secret in SECRETS if secret in text]
        if answer.status_code == 404 and (case.method == "HEAD" or any(part in text for part in ELSEWHERE)):
            return
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400 and case.method != "HEAD":
            said = answer.json()
            assert said["code"] in case.operation.definition.raw["responses"][str(answer.status_code)]["x-codes"], text
            assert not [trace for trace in TRACES if trace in said["message"] + said.get("detail", "")], text

    def _proof(self, route: str) -> dict[str, str]:
        security = MADE[route].definition.raw["security"]
        if {"serverKey": []} in security:
            return {"Authorization": f"Bearer {demo.SERVER_KEY}"}
        if {"exotelBasic": []} in security:
            return {"Authorization": requests.auth._basic_auth_str(*EXOTEL)}
        if {"session": []} in security:
            self._session = self._session or self._api.login("alice")
            return self._session
        return {}

    def _forget_attempts(self) -> None:
        """Reset the throttles, which would answer otherwise."""
        table = self._api.stack.deployment.resources["RateLimitsTable"]
        client = self._api.stack.aws.session.client("dynamodb", endpoint_url=self._api.stack.aws.endpoint)
        for item in client.scan(TableName=table)["Items"]:
            client.delete_item(TableName=table, Key={"pk": item["pk"]})
