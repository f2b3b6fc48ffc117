"""An Exotel that hangs, is slow, sends garbage or is unreachable: the error says so in time, without a secret."""

import json
import socket
import threading

import pytest

from switchboard.exotel.bounded_http import LARGEST_BODY
from switchboard.foundation.errors import UpstreamError, UpstreamTimeoutError
from tests.benches.exotel import HEAD, TOKENS, Bench, enveloped
from tests.fakes.raw_server import Behaviour, dripping, hanging, json_answer, raw_server, saying
from tests.patience import patience


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
def test_an_exotel_that_hangs_or_is_slow_is_dropped_at_the_deadline(bench: Bench, behaviour: Behaviour) -> None:
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
        json_answer('{"response": {"data": {"subscriber_token": {"refresh_token": "\\ud800", "access_token": "a"}}}}'),
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
def test_an_unreachable_exotel_is_unavailable(bench: Bench, url: str) -> None:
    refusal = bench.refusal(url)
    assert (refusal.code, refusal.retry_after) == ("exotel_unavailable", 5)


def test_a_hanging_tls_handshake_is_dropped_at_the_deadline(bench: Bench) -> None:
    with raw_server(hanging) as server:
        assert bench.refusal(server.url.replace("http:", "https:")).code == "exotel_timeout"


def test_an_exotel_without_tls_is_unavailable(bench: Bench) -> None:
    with raw_server(saying(json_answer("{}", "400 Bad Request"))) as server:
        server.hears_requests = False
        assert bench.refusal(server.url.replace("http:", "https:")).code == "exotel_unavailable"


def test_a_hanging_name_server_is_dropped_at_the_deadline(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(patience(10)))
    refusal = bench.refusal("http://exotel.example")
    released.set()
    assert refusal.code == "exotel_timeout"


def test_after_the_deadline_no_request_is_sent(bench: Bench) -> None:
    with raw_server(hanging) as server:
        with pytest.raises(UpstreamTimeoutError):
            bench.ask(server.url, patience=0.0)
        assert server.requests == []


def test_a_connection_that_exotel_closed_meanwhile_is_opened_anew(bench: Bench) -> None:
    good = enveloped({"code": 200, "data": TOKENS})
    with raw_server(saying(b""), good) as server:
        assert bench.ask(server.url) is not None
        assert len(server.requests) == 2
