"""The meaning of Exotel's refusals, as an HTTP status or inside a 200 answer."""

import json

import pytest

from switchboard.foundation.errors import SwitchboardError, UnavailableError, UpstreamError
from tests.benches.exotel import TOKENS, Bench, enveloped
from tests.fakes.raw_server import json_answer, raw_server, saying


@pytest.mark.parametrize(
    ("status", "kind", "code", "retry_after"),
    [
        ("400 Bad Request", UpstreamError, "exotel_bad_name", None),
        ("401 Unauthorized", UpstreamError, "exotel_credentials", None),
        ("403 Forbidden", UpstreamError, "exotel_voip_disabled", None),
        ("429 Too Many Requests", UnavailableError, "exotel_rate_limited", 60),
        ("500 Internal Server Error", UpstreamError, "exotel_unavailable", 5),
        ("503 Service Unavailable", UpstreamError, "exotel_unavailable", 5),
        ("302 Found", UpstreamError, "exotel_bad_answer", None),
        ("418 I'm a teapot", UpstreamError, "exotel_bad_answer", None),
    ],
)
def test_a_refusal_says_which(
    bench: Bench, status: str, kind: type[SwitchboardError], code: str, retry_after: int | None
) -> None:
    with raw_server(saying(json_answer("{}", status))) as server:
        refusal = bench.refusal(server.url)
    assert type(refusal) is kind
    assert (refusal.code, refusal.retry_after) == (code, retry_after)


@pytest.mark.parametrize(
    ("status", "retry_after", "told"),
    [
        ("429 Too Many Requests", "7", 7),
        ("429 Too Many Requests", "0", 1),
        ("429 Too Many Requests", "99999999", 3600),
        ("429 Too Many Requests", "Fri, 31 Dec 1999 23:59:59 GMT", 60),
        ("429 Too Many Requests", "-4", 60),
        ("503 Service Unavailable", "11", 11),
    ],
)
def test_the_time_to_wait_is_exotels_own_where_it_is_plausible(
    bench: Bench, status: str, retry_after: str, told: int
) -> None:
    answer = json_answer("{}", status).replace(b"\r\n", f"\r\nRetry-After: {retry_after}\r\n".encode(), 1)
    with raw_server(saying(answer)) as server:
        assert bench.refusal(server.url).retry_after == told


@pytest.mark.parametrize(
    ("code", "expected"), [(401, "exotel_credentials"), (500, "exotel_unavailable"), ("?", "exotel_bad_answer")]
)
def test_a_refusal_inside_a_good_answer_counts(bench: Bench, code: object, expected: str) -> None:
    with raw_server(enveloped({"code": code, "error_data": {}, "status": "failure", "data": None})) as server:
        assert bench.refusal(server.url).code == expected


def test_an_unknown_subscriber_inside_a_good_answer_counts(bench: Bench) -> None:
    with raw_server(enveloped({"code": 404, "data": None})) as server:
        assert bench.ask(server.url) is None


@pytest.mark.parametrize(
    "token", ["opaque", "a.b.c", "a.e30.c", "a.eyJleHAiOiJzb29uIn0.c", "a.W10.c", "a.eyJleHAiOjFlOTk5fQ.c"]
)
def test_a_token_whose_expiry_cannot_be_read_lasts_as_documented(bench: Bench, token: str) -> None:
    tokens = {"refresh_token": token, "access_token": token}
    with raw_server(enveloped({"code": 200, "data": {"subscriber_token": tokens}})) as server:
        issued = bench.ask(server.url)
    assert issued is not None
    assert (issued.access_expires_at, issued.refresh_expires_at) == (2_800, 87_400)  # type: ignore[attr-defined]


def test_the_request_is_what_the_subscriber_api_wants(bench: Bench) -> None:
    with raw_server(enveloped({"code": 200, "data": TOKENS})) as server:
        bench.ask(server.url)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v2/accounts/demo1m/subscriber-token HTTP/1.1")
    assert json.loads(body) == {"platform": "android", "device_id": "2fc4b5912826ad1", "subscriber_name": "alice"}
