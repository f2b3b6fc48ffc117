"""The customer's own OIDC issuer: whose tokens are good, and how its keys are fetched, over real HTTP."""

import time
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from switchboard.adapters.bounded_http import BoundedHttp
from switchboard.adapters.issuer import LEEWAY_SECONDS, OidcIssuer
from switchboard.adapters.issuer_keys import FRESH_SECONDS, RENEW_SECONDS, IssuerKeys
from switchboard.domain.deadline import Deadline
from switchboard.domain.errors import InvalidFieldError, UnauthorizedError, UpstreamError, UpstreamTimeoutError
from switchboard.domain.login import Identity
from tests.fakes.issuer_server import (
    EC,
    OTHER_CURVE,
    OTHER_RSA,
    RSA,
    SHORT_RSA,
    IssuerServer,
    issuer_server,
    jwk,
)
from tests.fakes.raw_server import hanging, json_answer, raw_server, saying


class Bench:
    def __init__(self, server: IssuerServer) -> None:
        self.server = server
        self.http = BoundedHttp()
        self.now = 0.0
        self.claim = "sub"
        self.keys = self.keys_of(server.url)

    def keys_of(self, issuer: str) -> IssuerKeys:
        return IssuerKeys(issuer, self.http, lambda: self.now)

    def identify(self, token: str, *, later: float = 0.0, patience: float = 5) -> Identity:
        issuer = OidcIssuer(self.server.url, "app", self.claim, self.keys, lambda: time.time() + later)
        return issuer.identify(token, Deadline.after(patience, time.monotonic))

    def refuse(self, token: str, *, later: float = 0.0) -> None:
        with pytest.raises(UnauthorizedError) as refused:
            self.identify(token, later=later)
        assert refused.value.code == "bad_id_token"
        assert token[:20] not in refused.value.message or not token


@pytest.fixture
def bench() -> Iterator[Bench]:
    with issuer_server() as server:
        made = Bench(server)
        yield made
        made.http.close()


def test_a_token_signed_with_rs256_or_es256_is_good(bench: Bench) -> None:
    assert bench.identify(bench.server.token()) == Identity("alice")
    assert bench.identify(bench.server.token(EC, "ES256", "ec")) == Identity("alice")


def test_one_audience_of_several_is_enough(bench: Bench) -> None:
    assert bench.identify(bench.server.token(aud=["other", "app"])) == Identity("alice")


def test_a_token_may_name_its_account(bench: Bench) -> None:
    assert bench.identify(bench.server.token(account_sid="demo1m")) == Identity("alice", "demo1m")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example.com"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"nbf": "now"},
        {"sub": 7},
        {"exp": int(time.time()) - LEEWAY_SECONDS - 5},
        {"nbf": int(time.time()) + LEEWAY_SECONDS + 60},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(bench: Bench, changes: dict[str, object]) -> None:
    bench.refuse(bench.server.token(**changes))


def test_clocks_may_differ_a_little(bench: Bench) -> None:
    now = int(time.time())
    assert bench.identify(bench.server.token(exp=now - LEEWAY_SECONDS + 10))
    assert bench.identify(bench.server.token(nbf=now + LEEWAY_SECONDS - 10))
    bench.refuse(bench.server.token(), later=3600 + LEEWAY_SECONDS + 5)


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "x" * 20_000])
def test_what_is_no_jwt_is_refused(bench: Bench, token: str) -> None:
    bench.refuse(token)
    assert bench.server.asked == []


def test_a_token_without_a_good_signature_is_refused(bench: Bench) -> None:
    public = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    bench.refuse(bench.server.unsigned())
    bench.refuse(bench.server.token("a-shared-secret-of-decent-length!", "HS256"))
    bench.refuse(bench.server.token(public[27:100], "HS256"))
    bench.refuse(bench.server.token(OTHER_RSA))
    bench.refuse(bench.server.token(RSA, "RS512"))
    bench.refuse(bench.server.token(OTHER_CURVE, "ES384", "ec"))
    bench.refuse(bench.server.token()[:-6] + "AAAAAA")


def test_a_key_serves_for_its_own_algorithm_only(bench: Bench) -> None:
    bench.refuse(bench.server.token(RSA, "RS256", "ec"))
    bench.refuse(bench.server.token(EC, "ES256", "rsa"))
    bench.server.keys = [jwk(RSA, "rsa", alg="RS512"), jwk(RSA, "enc", use="enc"), jwk(OTHER_CURVE, "p384")]
    bench.keys = bench.keys_of(bench.server.url)
    bench.refuse(bench.server.token())
    bench.refuse(bench.server.token(kid="enc"))
    bench.refuse(bench.server.token(EC, "ES256", "p384"))


@pytest.mark.parametrize("key", [jwk(SHORT_RSA, "rsa"), jwk(RSA, "rsa", n="AA"), {"kty": "RSA", "kid": "rsa"}])
def test_a_key_that_is_none_or_too_short_is_refused(bench: Bench, key: dict[str, object]) -> None:
    bench.server.keys = [key]
    bench.refuse(bench.server.token(RSA))


def test_a_token_without_a_key_id_needs_an_issuer_with_one_key(bench: Bench) -> None:
    bench.refuse(bench.server.token(kid=None))
    bench.server.keys = [jwk(RSA, "rsa")]
    bench.now += RENEW_SECONDS
    assert bench.identify(bench.server.token(kid=None))


@pytest.mark.parametrize("name", ["al ice", "alice@example.com", "seventeenletters1", "", None, 7, ["alice"]])
def test_a_claim_that_is_no_possible_name_is_invalid(bench: Bench, name: object) -> None:
    bench.claim = "nickname"
    with pytest.raises(InvalidFieldError) as refused:
        bench.identify(bench.server.token(nickname=name))
    assert refused.value.field == "nickname"


def test_another_claim_may_hold_the_name(bench: Bench) -> None:
    bench.claim = "nickname"
    assert bench.identify(bench.server.token(nickname="al")) == Identity("al")


def test_keys_are_fetched_once_and_again_when_they_are_old(bench: Bench) -> None:
    for _ in range(5):
        bench.identify(bench.server.token())
    assert bench.server.asked == ["/realm/.well-known/openid-configuration", "/realm/keys"]
    bench.now += FRESH_SECONDS
    bench.identify(bench.server.token())
    assert len(bench.server.asked) == 4


def test_a_key_that_the_issuer_rotated_in_is_fetched(bench: Bench) -> None:
    bench.identify(bench.server.token())
    bench.server.keys = [jwk(OTHER_RSA, "rotated")]
    bench.now += RENEW_SECONDS
    assert bench.identify(bench.server.token(OTHER_RSA, kid="rotated"))
    bench.refuse(bench.server.token())


def test_made_up_key_ids_do_not_cause_a_fetch_each(bench: Bench) -> None:
    for number in range(50):
        bench.refuse(bench.server.token(OTHER_RSA, kid=f"made-up-{number}"))
    assert len(bench.server.asked) == 2
    bench.now += RENEW_SECONDS
    for number in range(50):
        bench.refuse(bench.server.token(OTHER_RSA, kid=f"made-up-{number}"))
    assert len(bench.server.asked) == 4


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"issuer": "https://other.example.com"}, "issuer_bad_answer"),
        ({"jwks_uri": "http://keys.example.com/"}, "issuer_bad_answer"),
        ({"jwks_uri": "file:///etc/hostname"}, "issuer_bad_answer"),
        ({"jwks_uri": "http://[broken"}, "issuer_bad_answer"),
        ({"jwks_uri": "http://127.0.0.1:1/"}, "issuer_unavailable"),
        ({"jwks_uri": "https://127.0.0.1:1/"}, "issuer_unavailable"),
    ],
)
def test_an_issuer_that_is_set_up_wrong_is_named_as_the_cause(
    bench: Bench, document: dict[str, str], code: str
) -> None:
    bench.server.document |= document
    with pytest.raises(UpstreamError) as refused:
        bench.identify(bench.server.token())
    assert refused.value.code == code


def test_an_issuer_without_keys_cannot_be_used(bench: Bench) -> None:
    bench.server.keys = "none"
    with pytest.raises(UpstreamError):
        bench.identify(bench.server.token())


def test_an_issuer_that_fails_is_unavailable_and_asked_again_next_time(bench: Bench) -> None:
    bench.server.status = 500
    with pytest.raises(UpstreamError) as refused:
        bench.identify(bench.server.token())
    assert (refused.value.code, refused.value.retry_after) == ("issuer_unavailable", 5)
    bench.server.status = 200
    assert bench.identify(bench.server.token())


@pytest.mark.parametrize("answer", [json_answer("<html>"), json_answer("[]"), b"", json_answer("[" * 200_000)])
def test_an_issuer_that_babbles_is_unavailable(bench: Bench, answer: bytes) -> None:
    with raw_server(saying(answer)) as babbling:
        bench.keys = bench.keys_of(babbling.url)
        with pytest.raises(UpstreamError) as refused:
            bench.identify(bench.server.token())
    assert refused.value.code == "issuer_unavailable"


def test_an_issuer_that_hangs_is_left_by_the_deadline(bench: Bench) -> None:
    with raw_server(hanging) as silent:
        bench.keys = bench.keys_of(silent.url)
        with pytest.raises(UpstreamTimeoutError) as refused:
            bench.identify(bench.server.token(), patience=0.3)
    assert refused.value.code == "issuer_timeout"
