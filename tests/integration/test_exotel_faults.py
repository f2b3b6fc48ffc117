"""An Exotel that refuses, fails, hangs or babbles, over real HTTP: a login says which, in time, without our credentials."""

import json
import time
from collections.abc import Callable, Iterator

import pytest

from switchboard.adapters.bounded_http import LARGEST_BODY, BoundedHttp
from switchboard.adapters.exotel import ExotelApi
from switchboard.domain.deadline import Deadline
from switchboard.domain.errors import SwitchboardError, UnavailableError, UpstreamError, UpstreamTimeoutError
from switchboard.domain.login import Phone
from switchboard.domain.subscribers import Platform, Status
from tests.fakes.identity import account
from tests.fakes.raw_server import Behaviour, RawServer, dripping, hanging, json_answer, raw_server, saying

PHONE = Phone("2fc4b5912826ad1", Platform.ANDROID)
PATIENCE = 0.4  # seconds
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
TOKENS = {"subscriber_token": {"refresh_token": "r", "access_token": "a"}}


class Bench:
    def __init__(self) -> None:
        self.http = BoundedHttp()
        self.exotel = ExotelApi(self.http, lambda: 1_000.0)

    def ask(self, url: str, patience: float = PATIENCE) -> object:
        deadline = Deadline.after(patience, time.monotonic)
        return self.exotel.issue_token(account(api_host=url), "alice", PHONE, deadline)

    def refusal(self, url: str) -> SwitchboardError:
        began = time.monotonic()
        with pytest.raises(SwitchboardError) as refused:
            self.ask(url)
        assert time.monotonic() - began < PATIENCE + 0.5
        shown = f"{refused.value!r} {refused.value.message} {refused.value.__cause__!r}"
        assert not any(secret in shown for secret in ("key-of-demo1m", "token-of-demo1m", "Basic"))
        return refused.value


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.http.close()


def enveloped(response: object) -> Behaviour:
    return saying(
        json_answer(json.dumps({"request_id": "1", "method": "POST", "http_code": 200, "response": response}))
    )


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
def test_the_time_to_wait_is_exotels_own_where_it_is_sane(
    bench: Bench, status: str, retry_after: str, told: int
) -> None:
    answer = json_answer("{}", status).replace(b"\r\n", f"\r\nRetry-After: {retry_after}\r\n".encode(), 1)
    with raw_server(saying(answer)) as server:
        assert bench.refusal(server.url).retry_after == told


@pytest.mark.parametrize(
    "behaviour",
    [
        hanging,
        dripping(b""),
        dripping(b"", b"H"),
        dripping(b"HTTP/1.1 200 OK\r\n", b"X-Drop: 1\r\n"),
        dripping(HEAD + b"Content-Length: 100000\r\n\r\n{", b" "),
        dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
    ids=["hang", "drip of nothing known", "drip in the status", "drip of headers", "drip of a body", "endless chunks"],
)
def test_one_who_hangs_or_drips_is_left_by_the_deadline(bench: Bench, behaviour: Behaviour) -> None:
    with raw_server(behaviour) as server:
        refusal = bench.refusal(server.url)
    assert isinstance(refusal, UpstreamTimeoutError)
    assert (refusal.code, refusal.retry_after) == ("exotel_timeout", 5)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff\x00\xff garbage\r\n\r\n",
        HEAD + b"Content-Length: 100\r\n\r\n{",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        json_answer("not json"),
        json_answer("[" * 200_000),
        json_answer('"\\ud800"'),
        json_answer("[]"),
        json_answer("{}"),
        json_answer('{"response": []}'),
        json_answer('{"response": {"code": 200}}'),
        json_answer('{"response": {"code": 200, "data": {"subscriber_token": {"refresh_token": "r"}}}}'),
        json_answer('{"response": {"data": {"subscriber_token": {"refresh_token": "r", "access_token": null}}}}'),
        json_answer('{"response": {"data": {"subscriber_token": {"refresh_token": "", "access_token": "a"}}}}'),
        json_answer(json.dumps({"response": "x" * (LARGEST_BODY + 1)})),
    ],
)
def test_what_cannot_be_read_is_a_bad_answer(bench: Bench, answer: bytes) -> None:
    with raw_server(saying(answer)) as server:
        refusal = bench.refusal(server.url)
    assert type(refusal) is UpstreamError
    assert refusal.code == "exotel_bad_answer"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://no-such-host.invalid", "ftp://127.0.0.1", "http://127.0.0.1:99999", ""]
)
def test_one_who_is_not_there_is_unavailable(bench: Bench, url: str) -> None:
    refusal = bench.refusal(url)
    assert (refusal.code, refusal.retry_after) == ("exotel_unavailable", 5)


def test_once_the_deadline_has_passed_nothing_is_asked(bench: Bench) -> None:
    with raw_server(hanging) as server:
        with pytest.raises(UpstreamTimeoutError):
            bench.ask(server.url, patience=0.0)
        assert server.requests == []


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


def test_a_connection_that_exotel_closed_meanwhile_is_opened_anew(bench: Bench) -> None:
    good = enveloped({"code": 200, "data": TOKENS})
    with raw_server(saying(b""), good) as server:
        assert bench.ask(server.url) is not None
        assert len(server.requests) == 2


def test_the_request_is_what_the_subscriber_api_wants(bench: Bench) -> None:
    with raw_server(enveloped({"code": 200, "data": TOKENS})) as server:
        bench.ask(server.url)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v2/accounts/demo1m/subscriber-token HTTP/1.1")
    assert json.loads(body) == {"platform": "android", "device_id": "2fc4b5912826ad1", "subscriber_name": "alice"}


def created(server: RawServer, bench: Bench) -> None:
    bench.exotel.create(account(api_host=server.url), "alice", Deadline.after(PATIENCE, time.monotonic))


def suspended(server: RawServer, bench: Bench) -> None:
    deadline = Deadline.after(PATIENCE, time.monotonic)
    bench.exotel.set_status(account(api_host=server.url), "alice", Status.INACTIVE, deadline)


def test_one_who_is_there_already_is_fine_whatever_code_exotel_has_for_that(bench: Bench) -> None:
    refused = enveloped([{"code": 400, "data": None}])
    with raw_server(refused, enveloped({"code": 200, "data": {"subscriber_name": "alice"}})) as server:
        created(server, bench)
    assert server.requests[1].startswith(b"GET /v2/accounts/demo1m/subscribers/alice ")


@pytest.mark.parametrize(
    ("behaviours", "code"),
    [
        ([enveloped([{"code": 400}]), saying(json_answer("{}", "404 Not Found"))], "exotel_bad_name"),
        ([enveloped([{"code": 403}]), saying(json_answer("{}", "404 Not Found"))], "exotel_voip_disabled"),
        ([enveloped([{}]), saying(json_answer("{}", "404 Not Found"))], "exotel_bad_answer"),
        ([enveloped([])], "exotel_bad_answer"),
        ([enveloped(["alice"])], "exotel_bad_answer"),
        ([enveloped({"code": 200})], "exotel_bad_answer"),
        ([saying(json_answer("<html>", "404 Not Found"))], "exotel_bad_answer"),
    ],
)
def test_a_creation_that_failed_says_why(bench: Bench, behaviours: list[Behaviour], code: str) -> None:
    with raw_server(*behaviours) as server, pytest.raises(UpstreamError) as refused:
        created(server, bench)
    assert refused.value.code == code


@pytest.mark.parametrize(("code", "expected"), [(400, "exotel_bad_name"), ("?", "exotel_bad_answer")])
def test_a_change_that_failed_inside_a_good_answer_says_why(bench: Bench, code: object, expected: str) -> None:
    with raw_server(enveloped({"code": code})) as server, pytest.raises(UpstreamError) as refused:
        suspended(server, bench)
    assert refused.value.code == expected


@pytest.mark.parametrize("ask", [created, suspended])
def test_every_call_is_bounded(bench: Bench, ask: Callable[[RawServer, Bench], None]) -> None:
    with raw_server(hanging) as server, pytest.raises(UpstreamTimeoutError):
        ask(server, bench)
