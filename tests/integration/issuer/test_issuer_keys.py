"""Fetching the OIDC issuer's keys, and what happens if that fails."""

import pytest

from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import (
    UpstreamError,
    UpstreamTimeoutError,
)
from switchboard.login.issuer_keys import FAILURE_SECONDS, FETCH_SECONDS, FRESH_SECONDS, GOOD_SECONDS, RENEW_SECONDS
from switchboard.login.vend_token import UPSTREAM_SECONDS
from tests.benches.issuer import Bench
from tests.fakes.issuer_server import (
    OTHER_RSA,
    jwk,
)
from tests.fakes.raw_server import hanging, json_answer, raw_server, saying


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


def test_an_issuer_that_fails_is_unavailable_and_not_asked_again_for_a_while(bench: Bench) -> None:
    bench.server.status = 500
    for _ in range(20):
        with pytest.raises(UpstreamError) as refused:
            bench.identify(bench.server.token())
        assert (refused.value.code, refused.value.retry_after) == ("issuer_unavailable", FAILURE_SECONDS)
    assert len(bench.server.asked) == 1
    bench.server.status = 200
    bench.now += FAILURE_SECONDS
    assert bench.identify(bench.server.token())


def test_known_keys_serve_for_a_day_while_the_issuer_is_down(bench: Bench) -> None:
    bench.identify(bench.server.token())
    bench.server.status, bench.server.asked = 500, []
    bench.now += GOOD_SECONDS - 1
    for _ in range(20):
        assert bench.identify(bench.server.token())
        bench.refuse(bench.server.token(OTHER_RSA, kid="made-up"))
    assert len(bench.server.asked) == 1
    bench.now += FAILURE_SECONDS
    with pytest.raises(UpstreamError):
        bench.identify(bench.server.token())


def test_a_withdrawn_key_is_accepted_for_an_hour_of_wall_clock_time(bench: Bench) -> None:
    bench.identify(bench.server.token())
    bench.server.keys = [jwk(OTHER_RSA, "rotated")]
    bench.now += FRESH_SECONDS  # one request and the next, with the function stopped in between
    bench.refuse(bench.server.token())


def test_a_clock_that_is_set_back_keeps_no_withdrawn_key(bench: Bench) -> None:
    bench.identify(bench.server.token())
    bench.server.keys = [jwk(OTHER_RSA, "rotated")]
    bench.now -= 7 * 24 * 3600
    bench.refuse(bench.server.token())
    assert bench.identify(bench.server.token(OTHER_RSA, kid="rotated"))


def test_unsigned_tokens_cause_no_fetch(bench: Bench) -> None:
    header, claims, _ = bench.server.token().split(".")
    for token in (bench.server.unsigned(), f"{header}.{claims}.", bench.server.token("x" * 40, "HS256"), "a.b.c"):
        bench.refuse(token)
    assert bench.server.asked == []


def test_made_up_signatures_do_not_cause_a_fetch_each(bench: Bench) -> None:
    bench.identify(bench.server.token())
    bench.server.asked = []
    bench.now += RENEW_SECONDS
    for _ in range(50):
        bench.refuse(bench.server.token(OTHER_RSA))
    assert len(bench.server.asked) == 2


@pytest.mark.parametrize("answer", [json_answer("<html>"), json_answer("[]"), b"", json_answer("[" * 200_000)])
def test_an_issuer_with_unreadable_answers_is_unavailable(bench: Bench, answer: bytes) -> None:
    with raw_server(saying(answer)) as babbling:
        bench.keys = bench.keys_of(babbling.url)
        with pytest.raises(UpstreamError) as refused:
            bench.identify(bench.server.token())
    assert refused.value.code == "issuer_unavailable"


def test_an_issuer_that_hangs_is_dropped_at_the_deadline(bench: Bench) -> None:
    with raw_server(hanging) as silent:
        bench.keys = bench.keys_of(silent.url)
        with pytest.raises(UpstreamTimeoutError) as refused:
            bench.identify(bench.server.token(), patience=0.3)
    assert refused.value.code == "issuer_timeout"


def test_an_issuer_that_hangs_takes_a_part_of_a_logins_time_only() -> None:
    until = Deadline(10.0, lambda: 4.0)
    assert (until.within(3).rest(), until.within(60).rest()) == (3.0, 6.0)
    assert FETCH_SECONDS <= UPSTREAM_SECONDS / 2
