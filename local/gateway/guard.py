"""Who may use the workbench and `/_sim`: this machine alone, and by no other site's page.

Without it any page in the same browser could send requests here, also under a name of its own that points at this
machine (DNS rebinding). The API under `/v1` and uploads have their own credentials and take everybody.
"""

import hmac
import ipaddress
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

OPEN_TO_ALL = ("/v1/", "/healthz")
OF_PHONES = ("/workbench/", "/_sim/phones")  # beside /phone: what a page on another machine needs, with the token
COOKIE = "switchboard-phone"
THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Guard:
    """Refuses requests with 403; `hosts` are names of this machine besides the usual ones.

    `token` lets phones of other machines in, from `?token=` of `/phone` and then by a cookie.
    """

    hosts: Iterable[str] = ()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def middleware(self) -> Middleware:
        """The check, for an application."""

        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            reason = self.refusal(request)
            if reason:
                raise web.HTTPForbidden(text=f"{reason}\n")
            answer = await handler(request)
            if self._shows_token(request) and not answer.prepared:
                answer.set_cookie(COOKIE, self.token, httponly=True, samesite="Strict")
            return answer

        return check

    def refusal(self, request: web.Request) -> str:
        """Return why a request is refused, or "" if it is not."""
        path, name = request.path, request.match_info.route.resource
        if path.startswith(OPEN_TO_ALL) or name is None or name.canonical == "/{path}":
            return ""
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"{request.scheme}://{request.host}":
            return "another site's page may not use this server"
        if is_phone(path) and self._has_token(request):
            return ""
        if not _is_this_machine(request):
            return "only this machine may use this; /phone needs the token that make run prints"
        host = _name_in(request.host)
        return "" if host in {*THIS_MACHINE, *self.hosts} else f"{host} is no name of this server: use 127.0.0.1"

    def _has_token(self, request: web.Request) -> bool:
        return self._shows_token(request) or self._is_ours(request.cookies.get(COOKIE, ""))

    def _shows_token(self, request: web.Request) -> bool:
        return request.path == "/phone" and self._is_ours(request.query.get("token", ""))

    def _is_ours(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token.encode())


def is_phone(path: str) -> bool:
    """Whether a phone page needs this path."""
    return path == "/phone" or path.startswith(OF_PHONES)


def _is_this_machine(request: web.Request) -> bool:
    """Whether the client is on this machine: it came by the loopback, or from the address that it came to."""
    transport = request.transport
    peer, here = (transport.get_extra_info(name) if transport else None for name in ("peername", "sockname"))
    if not peer or not here:
        return False
    client = ipaddress.ip_address(peer[0].partition("%")[0])
    return client.is_loopback or peer[0] == here[0]


def _name_in(host: str) -> str:
    """Return a Host header's name, without its port."""
    try:
        parts = urlsplit(f"//{host}")
    except ValueError:
        return host
    name = parts.hostname or ""
    return f"[{name}]" if ":" in name else name
