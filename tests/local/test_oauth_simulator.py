"""The simulated token endpoint trades only assertions that Google's own would take."""

import time

import pytest

from local.simulators import Simulators, running_simulators
from local.simulators.faults import Fault
from tests.local.google import ask_token, assertion


def test_an_assertion_becomes_a_token_that_is_counted(simulators: Simulators) -> None:
    before = simulators.oauth.issued
    body = ask_token(simulators, assertion(simulators)).json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3599)
    assert simulators.oauth.accepts(body["access_token"])
    assert simulators.oauth.issued == before + 1


def test_an_assertion_for_googles_own_address_is_taken_too(simulators: Simulators) -> None:
    signed = assertion(simulators, aud="https://oauth2.googleapis.com/token")
    assert ask_token(simulators, signed).status_code == 200


@pytest.mark.parametrize(
    "change", [{"aud": "http://else"}, {"iss": "me@else"}, {"exp": 1}, {"exp": int(time.time()) + 9999}, {"scope": ""}]
)
def test_an_assertion_that_google_would_refuse_is_refused(simulators: Simulators, change: dict[str, object]) -> None:
    answer = ask_token(simulators, assertion(simulators, **change))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_an_assertion_under_another_key_is_refused(simulators: Simulators) -> None:
    with running_simulators() as others:
        forged = assertion(others, aud=simulators.service_account.token_uri)
    assert ask_token(simulators, forged).status_code == 400


def test_the_oauth_endpoint_has_faults_of_its_own(simulators: Simulators) -> None:
    simulators.faults.add(Fault("fcm-oauth", retry_after=1))
    answer = ask_token(simulators, assertion(simulators))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
