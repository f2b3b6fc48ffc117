"""The gateway passes requests on as they came: to a stand-in for the emulator that says what it got."""

import asyncio
import base64
import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest
from aiohttp import web

from local.gateway.api import OWN, OWN_REQUEST
from local.gateway.public_server import PublicServer
from local.gateway.servers import Servers, listen, port_of
from local.options import Options
from local.simulators import start_simulators
from tests.patience import patience

ZIPPED = gzip.compress(b"an answer", mtime=0)
CONTEXT_CAME = asyncio.Event()


async def echo(request: web.Request) -> web.Response:
    if "dialtonumber" in request.path and "waits" in request.query:
        await asyncio.wait_for(CONTEXT_CAME.wait(), patience(10))
    if request.path.endswith("/context"):
        CONTEXT_CAME.set()
    got = {
        "path": request.raw_path,
        "method": request.method,
        "headers": dict(request.headers),
        "body": base64.b64encode(await request.read()).decode(),
    }
    headers = {"X-Got": json.dumps(got), "Location": "/elsewhere", "Content-Encoding": "gzip"}
    return web.Response(status=302, body=ZIPPED, headers=headers)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    application, listener = web.Application(), listen()
    application.router.add_route("*", "/{path:.*}", echo)
    with ExitStack() as stack:
        servers = stack.enter_context(Servers())
        servers.serve(application, listener)
        public = PublicServer(servers, Options(port=0), start_simulators(servers, {}))
        assert httpx.get(f"{public.base_url}/v1/login", timeout=patience(5)).status_code == 503
        assert httpx.get(f"{public.base_url}/_sim/aws", timeout=patience(5)).status_code == 503
        public.connect(stack, f"http://127.0.0.1:{port_of(listener)}", "abcd1234")
        yield public.base_url


def raw(base_url: str, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> httpx.Response:
    url = httpx.URL(base_url).copy_with(raw_path=target.encode())
    with (
        httpx.Client(timeout=patience(5)) as client,
        client.stream(method, url, headers=headers, content=body) as answer,
    ):
        answer.read_raw = b"".join(answer.iter_raw())  # type: ignore[attr-defined]
        return answer


def test_the_gateway_tells_the_command_line_where_aws_is(base_url: str) -> None:
    about = httpx.get(f"{base_url}/_sim/aws", timeout=patience(5)).json()
    assert about["endpoint"].startswith("http://127.0.0.1:")
    assert about["stack"] == "switchboard-local"


def test_an_api_request_arrives_byte_for_byte(base_url: str) -> None:
    target = "/v1/accounts/a%2Fb/dialtonumber?CallFrom=sip:alice&Created=Sat,+23+Nov&x=%7B%22&x=2"
    body = bytes(range(256))
    headers = [("Authorization", "Basic ZXg6b3Q="), ("Exotel-Version", "1.0"), ("Host", "box.lan:3000")]
    answer = raw(base_url, "POST", target, headers, body)
    got = json.loads(answer.headers["X-Got"])
    assert got["path"] == f"/_aws/execute-api/abcd1234{target}"
    assert got["method"] == "POST"
    assert base64.b64decode(got["body"]) == body
    assert {got["headers"][name] for name, _ in headers} == {value for _, value in headers}
    assert "Content-Type" not in got["headers"]
    assert got["headers"]["X-Forwarded-For"] == "127.0.0.1"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "GZIP, identity", "unheard-of"])
def test_a_compressed_body_arrives_as_it_was_sent(base_url: str, encoding: str) -> None:
    for body in (ZIPPED, b"is not what its header says"):
        answer = raw(base_url, "POST", "/v1/login", [("Content-Encoding", encoding)], body)
        got = json.loads(answer.headers["X-Got"])
        assert (answer.status_code, base64.b64decode(got["body"])) == (302, body)
        assert (got["headers"]["Content-Encoding"], got["headers"]["Content-Length"]) == (encoding, str(len(body)))


def test_an_answer_comes_back_byte_for_byte(base_url: str) -> None:
    answer = raw(base_url, "GET", "/v1/x", [], b"")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/elsewhere")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.read_raw == ZIPPED  # type: ignore[attr-defined]


def test_only_presigned_requests_reach_the_bucket(base_url: str) -> None:
    target = "/bucket/key%20one?X-Amz-Signature=abc&X-Amz-Expires=1"
    got = json.loads(raw(base_url, "PUT", target, [], b"zip").headers["X-Got"])
    assert got["path"] == target
    for path in (
        "/bucket/key",
        "/_ministack/reset",
        "/_aws/execute-api/abcd1234/v1/x",
        "/login",
        "//login",
        "/v1//login/",
    ):
        got = json.loads(raw(base_url, "GET", path, [], b"").headers["X-Got"])
        assert got["path"] == f"/_aws/execute-api/abcd1234{path}"


def test_two_hundred_requests_at_once_are_all_answered(base_url: str) -> None:
    with httpx.Client(timeout=patience(5)) as http, ThreadPoolExecutor(50) as pool:
        codes = list(pool.map(lambda _: http.get(f"{base_url}/v1/login").status_code, range(200)))
    assert codes == [302] * 200


def test_calls_that_wait_do_not_hold_up_other_routes(base_url: str) -> None:
    with ThreadPoolExecutor(40) as pool:
        waiting = [
            pool.submit(httpx.get, f"{base_url}/v1/a/dialtonumber?waits=1", timeout=patience(20)) for _ in range(32)
        ]
        assert httpx.get(f"{base_url}/v1/a/context", timeout=patience(5)).status_code == 302
        assert {future.result().status_code for future in waiting} == {302}


def test_every_request_is_recorded_but_the_workbenchs_own() -> None:
    with ExitStack() as stack:
        application, listener = web.Application(), listen()
        application.router.add_route("*", "/{path:.*}", echo)
        servers = stack.enter_context(Servers())
        servers.serve(application, listener)
        public = PublicServer(servers, Options(port=0), start_simulators(servers, {}))
        public.connect(stack, f"http://127.0.0.1:{port_of(listener)}", "abcd1234")
        backend = public.backend(stack)
        raw(public.base_url, "GET", "/v1/accounts/demo1m/subscribers/bob", [(OWN_REQUEST, OWN)], b"")
        raw(public.base_url, "POST", "/v1/login", [("Switchboard-Workbench", "1")], b'{"user_name": "bob"}')
        raw(public.base_url, "PUT", "/bucket/key?X-Amz-Signature=abc", [], b"zip")
        [only] = public.workbench.requests.newest()
        assert (only.method, only.target, only.who, only.status) == ("POST", "/v1/login", "bob", 302)
        servers.run(backend.send_again(only.method, only.target, only.request.headers, only.request.body))
        again = public.workbench.requests.newest()[-1]
        assert (again.number, again.request.body) == (2, only.request.body)
