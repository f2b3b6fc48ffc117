"""Who may use the workbench, `/_sim` and the phone pages."""

from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from local.gateway.guard import Guard
from local.gateway.public_server import PublicServer
from local.gateway.servers import Servers
from local.options import Options
from local.simulators import start_simulators
from tests.patience import patience

FOREIGN = "may not use"


@pytest.fixture(scope="module")
def public() -> Iterator[PublicServer]:
    with ExitStack() as stack:
        servers = stack.enter_context(Servers())
        yield PublicServer(servers, Options(port=0), start_simulators(servers, {}))


def asked(public: PublicServer, method: str, path: str, **headers: str) -> httpx.Response:
    return httpx.request(method, f"{public.base_url}{path}", headers=headers, timeout=patience(5))


@pytest.mark.parametrize(
    "path", ["/", "/phone?as=bob", "/workbench/main.js", "/_sim/demo", "/_sim/faults", "/_sim/phones"]
)
def test_this_machine_may_use_everything(public: PublicServer, path: str) -> None:
    assert asked(public, "GET", path).status_code == 200
    assert asked(public, "GET", path, Host=f"localhost:{public.port}").status_code == 200


@pytest.mark.parametrize("path", ["/", "/phone?as=bob", "/workbench/main.js", "/_sim/demo", "/_sim/aws", "/_sim/live"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:3000", "127.0.0.1.evil.example", "192.0.2.7:3000"])
def test_a_foreign_name_for_this_server_is_refused(public: PublicServer, path: str, host: str) -> None:
    refused = asked(public, "GET", path, Host=host)
    assert (refused.status_code, "no name of this server" in refused.text) == (403, True)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/_sim/faults"), ("DELETE", "/_sim/pushes"), ("GET", "/_sim/demo")]
)
def test_another_sites_page_is_refused(public: PublicServer, method: str, path: str, origin: str) -> None:
    refused = asked(public, method, path, Origin=origin)
    assert (refused.status_code, FOREIGN in refused.text) == (403, True)


def test_our_own_pages_and_curl_may_change_things(public: PublicServer) -> None:
    assert asked(public, "DELETE", "/_sim/faults", Origin=public.base_url).status_code == 204
    assert asked(public, "DELETE", "/_sim/faults").status_code == 204


def test_the_api_and_uploads_take_everybody(public: PublicServer) -> None:
    for path in ("/v1/login", "/bucket/key?X-Amz-Signature=a"):
        answer = asked(public, "POST", path, Host="box.lan", Origin="https://evil.example")
        assert (answer.status_code, answer.text) == (503, "starting\n")


def test_pages_load_nothing_from_elsewhere_and_show_no_other_files(public: PublicServer) -> None:
    policy = asked(public, "GET", "/").headers["Content-Security-Policy"]
    assert {"default-src 'self'", "frame-ancestors 'none'"} <= {part.strip() for part in policy.split(";")}
    for path in ("../pages.py", "%2e%2e/pages.py", "..%2fpages.py", "main.py", "vendor", "nothing.js", "/etc/passwd"):
        answer = asked(public, "GET", f"/workbench/{path}")
        assert (answer.is_error, "import" in answer.text) == (True, False)


def of(client: str, path: str, *, at: str = "192.0.2.1", cookie: str = "") -> web.Request:
    """A request from another machine."""
    extra = {"peername": (client, 50000), "sockname": (at, 3000)}
    transport: Any = SimpleNamespace(get_extra_info=lambda name, default=None: extra.get(name, default))
    headers = {"Host": f"{at}:3000"} | ({"Cookie": cookie} if cookie else {})
    request = make_mocked_request("GET", path, headers, transport=transport)
    route = SimpleNamespace(resource=SimpleNamespace(canonical=path.partition("?")[0]))
    request._match_info = SimpleNamespace(route=route)  # type: ignore[assignment]
    return request


@pytest.mark.parametrize("path", ["/", "/_sim/demo", "/_sim/aws", "/_sim/calls", "/phone?as=bob", "/_sim/phones"])
def test_another_machines_client_is_refused(path: str) -> None:
    guard = Guard({"192.0.2.1"})
    assert "only this machine" in guard.refusal(of("192.0.2.9", path))
    assert guard.refusal(of("127.0.0.1", path, at="127.0.0.1")) == ""
    assert guard.refusal(of("192.0.2.1", path)) == ""  # the machine's own address


def test_with_the_token_another_machine_may_be_a_phone_and_nothing_else() -> None:
    guard = Guard(token="printed")
    assert guard.refusal(of("192.0.2.9", "/phone?as=bob&token=printed")) == ""
    assert guard.refusal(of("192.0.2.9", "/phone?as=bob&token=guessed"))
    for path in ("/phone?as=bob", "/workbench/phone/main.js", "/_sim/phones", "/_sim/phones/bob/live"):
        assert guard.refusal(of("192.0.2.9", path, cookie="switchboard-phone=printed")) == ""
    for path in ("/", "/_sim/demo", "/_sim/requests", "/_sim/calls", "/_sim/aws", "/docs"):
        assert guard.refusal(of("192.0.2.9", path, cookie="switchboard-phone=printed"))


def test_the_token_of_phone_becomes_a_cookie_that_no_script_reads(public: PublicServer) -> None:
    answer = asked(public, "GET", f"/phone?as=bob&token={public.guard.token}")
    assert {"HttpOnly", "SameSite=Strict"} <= set(answer.headers["Set-Cookie"].split("; "))
    assert "Set-Cookie" not in asked(public, "GET", "/phone?as=bob&token=other").headers


def test_https_serves_the_same_pages_with_a_certificate_of_its_own() -> None:
    with Servers() as servers:
        public = PublicServer(servers, Options(port=0, https=True), start_simulators(servers, {}))
        with httpx.Client(verify=False, timeout=patience(5)) as client:  # noqa: S501 - made a moment ago
            secure = f"https://127.0.0.1:{public.https_port}"
            assert client.get(f"{secure}/phone").status_code == 200
            assert client.delete(f"{secure}/_sim/faults", headers={"Origin": secure}).status_code == 204
            plain = client.delete(f"{public.base_url}/_sim/faults", headers={"Origin": secure})
            assert plain.status_code == 403
