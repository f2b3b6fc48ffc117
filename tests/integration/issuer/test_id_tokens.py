"""Which id tokens are accepted."""

import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from switchboard.foundation.errors import (
    InvalidFieldError,
    NotConfiguredError,
)
from switchboard.login.id_tokens import LEEWAY_SECONDS
from switchboard.login.login import Identity
from tests.benches.issuer import Bench
from tests.fakes.issuer_server import (
    EC,
    OTHER_CURVE,
    OTHER_RSA,
    RSA,
    SHORT_RSA,
    jwk,
)


def test_a_token_signed_with_rs256_or_es256_is_good(bench: Bench) -> None:
    assert bench.identify(bench.server.token()) == Identity("alice")
    assert bench.identify(bench.server.token(EC, "ES256", "ec")) == Identity("alice")


def test_one_audience_of_several_is_enough(bench: Bench) -> None:
    assert bench.identify(bench.server.token(aud=["other", "app"], azp="app")) == Identity("alice")


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
        {"aud": ["app", "other"]},
        {"aud": ["app", "other"], "azp": "other"},
        {"aud": ["other"], "azp": "app"},
        {"iat": int(time.time()) + 3600},
        {"iat": "now"},
        {"typ": "Bearer"},
        {"typ": "Refresh"},
        {"typ": "Logout"},
        {"token_use": "access"},
        {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(bench: Bench, changes: dict[str, Any]) -> None:
    bench.refuse(bench.server.token(**changes))


@pytest.mark.parametrize("typ", ["at+jwt", "application/at+jwt", "AT+JWT", "logout+jwt", "secevent+jwt", "dpop+jwt", 7])
def test_a_token_of_another_type_is_refused_without_asking_the_issuer(bench: Bench, typ: object) -> None:
    bench.refuse(bench.server.token(header={"typ": typ, "x": 1}))
    assert bench.server.asked == []


@pytest.mark.parametrize("typ", ["JWT", "jwt", "application/jwt", None])
def test_an_id_token_is_a_jwt_or_says_nothing(bench: Bench, typ: str | None) -> None:
    assert bench.identify(bench.server.token(header={"typ": typ}, typ="ID", token_use="id"))


@pytest.mark.parametrize(
    ("claim", "seconds_from_now"),
    [("exp", -LEEWAY_SECONDS - 5), ("nbf", LEEWAY_SECONDS + 60), ("iat", LEEWAY_SECONDS + 60)],
)
def test_a_token_out_of_its_time_is_refused(bench: Bench, claim: str, seconds_from_now: int) -> None:
    changes: dict[str, Any] = {claim: int(time.time()) + seconds_from_now}
    bench.refuse(bench.server.token(**changes))


def test_clocks_may_differ_a_little(bench: Bench) -> None:
    now = int(time.time())
    assert bench.identify(bench.server.token(exp=now - LEEWAY_SECONDS + 10))
    assert bench.identify(bench.server.token(nbf=now + LEEWAY_SECONDS - 10))
    bench.refuse(bench.server.token(), later=3600 + LEEWAY_SECONDS + 5)


def test_without_an_audience_of_our_own_no_token_is_good(bench: Bench) -> None:
    bench.audience = ""
    with pytest.raises(NotConfiguredError):
        bench.identify(bench.server.token(aud=""))


ALG_LIST, ALG_OBJECT = "eyJhbGciOltdfQ.e30.x", "eyJhbGciOnt9fQ.e30.x"  # {"alg":[]} and {"alg":{}} in their headers


@pytest.mark.parametrize(
    "token", ["", "opaque", "a.b.c", "x" * 20_000, f"{'W1tb' * 3_900}.e30.x", ALG_LIST, ALG_OBJECT]
)
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


@pytest.mark.parametrize("name", ["al ice", "alice@example.com", "seventeenletters1", "", None, 7, ["alice"]])
def test_a_claim_that_is_no_possible_name_is_invalid(bench: Bench, name: object) -> None:
    bench.claim = "nickname"
    with pytest.raises(InvalidFieldError) as refused:
        bench.identify(bench.server.token(nickname=name))
    assert refused.value.field == "nickname"


def test_another_claim_may_hold_the_name(bench: Bench) -> None:
    bench.claim = "nickname"
    assert bench.identify(bench.server.token(nickname="al")) == Identity("al")
