"""Which key of an issuer's set verifies a token: keys share ids, have none, or are no keys at all."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from switchboard.login.issuer_keys import RENEW_SECONDS
from switchboard.login.key_sets import MOST_KEYS, MOST_TRIED, fitting, signing_keys
from tests.benches.issuer import Bench
from tests.fakes.issuer_server import EC, OTHER_CURVE, OTHER_RSA, RSA, SHORT_RSA, jwk

GOOD = jwk(RSA, "rsa")
SAME_ID: list[list[dict[str, Any]]] = [
    [jwk(EC, "rsa"), GOOD],
    [jwk(RSA, "rsa", alg="RS512"), jwk(RSA, "rsa", alg="RS256")],
    [jwk(OTHER_RSA, "rsa"), GOOD],
    [jwk(OTHER_RSA, "rsa", use="enc"), jwk(OTHER_RSA, "rsa", key_ops=["encrypt"]), GOOD],
    [jwk(SHORT_RSA, "rsa"), jwk(RSA, "rsa", n="AA"), jwk(RSA, "rsa", e="!"), GOOD],
]
NO_KEYS: list[object] = [
    *(None, 7, "key", [], {}, {"kty": ["RSA"]}, {"kty": "oct", "k": "AA", "kid": "rsa"}, {"kty": "RSA", "kid": "rsa"}),
    *(jwk(RSA, "rsa", n=7), jwk(RSA, "rsa", n="A" * 5000), jwk(RSA, "rsa", use=7), jwk(RSA, "rsa", key_ops="verify")),
    *(jwk(EC, "rsa", crv="P-384"), jwk(OTHER_CURVE, "rsa"), jwk(EC, "rsa", crv=None), jwk(RSA, "rsa", alg=["RS256"])),
]


@pytest.mark.parametrize("keys", SAME_ID, ids=["types", "algorithms", "two of a kind", "uses", "bad ones"])
def test_of_keys_that_share_an_id_the_one_that_signed_is_found(bench: Bench, keys: list[dict[str, Any]]) -> None:
    for order in (keys, keys[::-1]):
        bench.server.keys = order
        bench.keys = bench.keys_of(bench.server.url)
        assert bench.identify(bench.server.token())


def test_an_ec_token_finds_its_key_among_rsa_keys_of_the_same_id(bench: Bench) -> None:
    bench.server.keys = [GOOD, jwk(OTHER_CURVE, "rsa"), jwk(EC, "rsa")]
    assert bench.identify(bench.server.token(EC, "ES256", "rsa"))


@pytest.mark.parametrize("bad", NO_KEYS)
def test_what_is_no_key_is_skipped(bench: Bench, bad: object) -> None:
    bench.server.keys = [bad, GOOD]
    assert bench.identify(bench.server.token())


def test_a_key_needs_no_optional_members(bench: Bench) -> None:
    bare = {name: GOOD[name] for name in ("kty", "n", "e")}
    bench.server.keys = [jwk(OTHER_RSA, None), {**bare, "alg": None, "use": None, "kid": 7}]
    assert bench.identify(bench.server.token())
    assert bench.identify(bench.server.token(kid=None))


def test_a_token_without_a_key_id_is_tried_with_every_key_of_its_kind(bench: Bench) -> None:
    bench.server.keys = [jwk(EC, "ec"), jwk(OTHER_RSA, "other"), GOOD]
    assert bench.identify(bench.server.token(kid=None))
    assert bench.identify(bench.server.token(EC, "ES256", None))


def test_a_key_of_another_id_is_not_tried(bench: Bench) -> None:
    bench.refuse(bench.server.token(kid="another"))


def test_a_private_key_that_an_issuer_publishes_serves_as_its_public_half(bench: Bench) -> None:
    bench.server.keys = [{**RSAAlgorithm.to_jwk(RSA, as_dict=True), "kid": "rsa", "key_ops": ["verify"]}]
    assert bench.identify(bench.server.token())


def test_a_new_key_under_the_old_id_is_noticed(bench: Bench) -> None:
    bench.identify(bench.server.token())
    bench.server.keys = [jwk(OTHER_RSA, "rsa")]
    bench.now += RENEW_SECONDS
    assert bench.identify(bench.server.token(OTHER_RSA))
    bench.refuse(bench.server.token())


def test_few_keys_are_tried_for_one_token_and_not_all_of_a_huge_set_are_kept() -> None:
    keys = signing_keys([jwk(RSA, "rsa" if number % 2 else None) for number in range(3 * MOST_KEYS)])
    assert len(keys) == MOST_KEYS
    for key_id in ("rsa", None):
        assert len(fitting(keys, "RS256", key_id)) == MOST_TRIED
    assert {key.id for key in fitting(keys, "RS256", "rsa")} == {"rsa"}


def test_a_tokens_own_key_comes_before_keys_without_an_id() -> None:
    fresh = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    keys = signing_keys([jwk(OTHER_RSA, None), jwk(fresh, "another"), GOOD])
    assert [key.id for key in fitting(keys, "RS256", "rsa")] == ["rsa", None]
