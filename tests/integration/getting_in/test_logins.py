"""POST /v1/login, the one route that anybody may ask: passwords and id tokens of every wrong kind."""

import time
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from docs.openapi.document import operations
from tests.api_stack import PASSWORD, ApiStack, api_stack, bearer
from tests.fakes.issuer_server import EC, OTHER_RSA, RSA, IssuerServer, issuer_server
from tests.identity_stack import Answer

ROUTE = "POST /v1/login"
PROBLEMS = operations()[ROUTE].problems
PHONE = {"account_sid": "demo1m", "device_id": "2fc4b5912826ad1"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[IssuerServer]:
    with issuer_server() as running:
        yield running


@pytest.fixture(scope="module")
def running(issuer: IssuerServer) -> Iterator[ApiStack]:
    with api_stack(OidcIssuer=issuer.url, OidcAudience="app") as stack:
        yield stack


@pytest.fixture
def stack(running: ApiStack) -> ApiStack:
    running.empty("RateLimitsTable")
    return running


def refused(answer: Answer, status: int, code: str, given: str) -> None:
    assert (answer.status, answer.body["code"]) == (status, code)
    assert code in PROBLEMS
    assert set(answer.body) - {"field"} == {"code", "message", "http_code", "request_id"}
    assert given not in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "a-guess"},
        {"password": PASSWORD[:-1]},
        {"password": PASSWORD.upper()},
        {"user_name": "nobody"},
        {"user_name": "Alice"},
        {"account_sid": "nobodys"},
        {"user_name": "bob", "account_sid": "other1m"},
    ],
    ids=str,
)
def test_a_wrong_password_user_or_account_gets_the_same_refusal(stack: ApiStack, changes: dict[str, str]) -> None:
    body = PHONE | {"user_name": "alice", "password": PASSWORD} | changes
    refused(stack.ask(ROUTE, body=body), 403, "wrong_credentials", body["password"])


def test_without_any_credential_the_missing_field_is_named(stack: ApiStack) -> None:
    answer = stack.ask(ROUTE, body=PHONE)
    refused(answer, 422, "invalid_field", PASSWORD)
    assert answer.body["field"] == "user_name"


def forged(issuer: IssuerServer) -> dict[str, str]:
    good, now = issuer.token(), int(time.time())
    head, _, signature = good.split(".")
    public = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {
        "no token at all": "opaque-token",
        "alg none": issuer.unsigned(),
        "alg none, with a signature": f"{issuer.unsigned()}{signature}",
        "a swapped key": issuer.token(OTHER_RSA),
        "a key of another kind": issuer.token(EC, "ES256", "rsa"),
        "an unknown key": issuer.token(kid="another"),
        "the public key as a shared one": issuer.token(public[27:100], "HS256"),
        "another issuer": issuer.token(iss="https://id.example.com"),
        "another audience": issuer.token(aud="another-app"),
        "an altered payload": f"{head}.{issuer.token(sub='bob').split('.')[1]}.{signature}",
        "an expired one": issuer.token(exp=now - 3600),
        "one of tomorrow": issuer.token(nbf=now + 86_400),
        "one without an end": issuer.token(exp=None),
        "one issued tomorrow": issuer.token(iat=now + 86_400),
        "one for others too": issuer.token(aud=["app", "another-app"]),
        "an access token": issuer.token(header={"typ": "at+jwt"}),
        "a logout token": issuer.token(header={"typ": "logout+jwt"}, events={}),
    }


def test_a_forged_id_token_logs_nobody_in(stack: ApiStack, issuer: IssuerServer) -> None:
    tokens = {**forged(issuer), "a session of ours": stack.session()}
    for name, token in tokens.items():
        answer = stack.ask(ROUTE, bearer(token), PHONE)
        assert answer.status == 401, name
        refused(answer, 401, "bad_id_token", token)


def test_an_id_token_of_another_account_logs_in_to_that_alone(stack: ApiStack, issuer: IssuerServer) -> None:
    token = issuer.token(account_sid="other1m")
    refused(stack.ask(ROUTE, bearer(token), PHONE), 403, "wrong_credentials", token)
    assert stack.ask(ROUTE, bearer(token), PHONE | {"account_sid": "other1m"}).status == 200


def test_valid_credentials_are_let_in(stack: ApiStack, issuer: IssuerServer) -> None:
    assert stack.ask(ROUTE, body=PHONE | {"user_name": "alice", "password": PASSWORD}).status == 200
    assert stack.ask(ROUTE, bearer(issuer.token(account_sid="demo1m")), PHONE).status == 200
