"""The public server's way to the emulator: the API under /v1, and presigned uploads to the log bucket."""

import asyncio
import io
from collections.abc import Mapping

from aiohttp import ClientError, ClientSession, web
from multidict import CIMultiDict
from yarl import URL

HOP_BY_HOP = {
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization"),
    *("te", "trailers", "transfer-encoding", "upgrade", "content-length"),
}
# Each call in flight needs a process of the emulator's own: 200 at once would start 200, on two cores. So a route's
# calls queue here beyond these; each route by itself, for a Dial Whom that waits must not hold up its own context.
CALLS_IN_FLIGHT = 4
CALLS_THAT_WAIT_IN_FLIGHT = 16
WAITING = "dialtonumber"
RESOURCES = {
    WAITING,
    "pushtoclient",
    "login",
    "token",
    "logout",
    "context",
    "devicetoken",
    "contacts",
    "logdestination",
}
UNSET = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")


class Gateway:
    """Passes requests on byte for byte, Host header included: presigned URLs are signed for the host that was asked.

    So it must be served without decompression of bodies (`Servers` does so).
    """

    def __init__(self) -> None:
        self._http: ClientSession | None = None
        self._emulator_url = self._api_id = ""
        self._turns: dict[str, asyncio.Semaphore] = {}

    def connect(self, http: ClientSession, emulator_url: str, api_id: str) -> None:
        """Pass requests on from now on, with a client that leaves bodies compressed as they are."""
        self._http, self._emulator_url, self._api_id = http, emulator_url, api_id

    async def api(self, request: web.Request) -> web.StreamResponse:
        """Answer with the deployed API, whose `$default` route takes what no other does."""
        async with self._turn(request):
            return await self._pass_on(request, f"/_aws/execute-api/{self._api_id}{request.raw_path}")

    def _turn(self, request: web.Request) -> asyncio.Semaphore:
        last = request.path.rstrip("/").rpartition("/")[2]
        most = CALLS_THAT_WAIT_IN_FLIGHT if last == WAITING else CALLS_IN_FLIGHT
        resource = last if last in RESOURCES else "subscriber"
        return self._turns.setdefault(f"{request.method} {resource}", asyncio.Semaphore(most))

    async def bucket(self, request: web.Request) -> web.StreamResponse:
        """Answer a presigned S3 request; anything else is the API's, such as `//login` of a base URL with a slash."""
        if "X-Amz-Signature" not in request.query:
            return await self.api(request)
        return await self._pass_on(request, request.raw_path)

    async def _pass_on(self, request: web.Request, raw_path: str) -> web.StreamResponse:
        if self._http is None:
            raise web.HTTPServiceUnavailable(text="starting\n")
        url = URL(f"{self._emulator_url}{raw_path}", encoded=True)
        body = await request.read()
        try:
            async with self._http.request(
                request.method,
                url,
                headers=_request_headers(request),
                data=io.BytesIO(body) if body else None,  # of large bytes aiohttp warns
                allow_redirects=False,
                skip_auto_headers=UNSET,
            ) as answer:
                return web.Response(status=answer.status, headers=_kept(answer.headers), body=await answer.read())
        except ClientError as error:
            raise web.HTTPBadGateway(text=f"the emulator did not answer: {error}\n") from error


def _request_headers(request: web.Request) -> CIMultiDict[str]:
    """The client's own headers and what API Gateway adds about the client."""
    headers = _kept(request.headers)
    headers["X-Forwarded-For"] = request.remote or "127.0.0.1"
    headers["X-Forwarded-Proto"] = request.scheme
    return headers


def _kept(headers: Mapping[str, str]) -> CIMultiDict[str]:
    kept = CIMultiDict(headers)
    for name in HOP_BY_HOP:
        kept.popall(name, None)
    return kept
