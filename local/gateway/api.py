"""Forwards requests to the emulator: the API under /v1, and presigned uploads to the log bucket."""

import asyncio
import io
import secrets
import time
from collections.abc import Callable, Mapping

from aiohttp import ClientError, ClientSession, web
from multidict import CIMultiDict
from yarl import URL

HOP_BY_HOP = {
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization"),
    *("te", "trailers", "transfer-encoding", "upgrade", "content-length"),
}
# The emulator needs a process for each request in flight: 200 at once would start 200. So further requests queue here;
# each route separately, since a waiting Dial Whom must not delay its own context.
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


# A header of what the workbench asks to show users, which is not listed among the requests. Its value is ours alone.
OWN_REQUEST, OWN = "Switchboard-Workbench", secrets.token_hex(16)

type Record = Callable[[web.Request, bytes, web.Response, float], None]


class Gateway:
    """Forwards requests byte for byte, with the Host header, which is signed in presigned URLs.

    The server must not decompress bodies (`Servers` does not). `record` gets each request of the API with its body, its
    answer, and when it came (epoch seconds).
    """

    def __init__(self, record: Record | None = None) -> None:
        self._record = record
        self._http: ClientSession | None = None
        self._emulator_url = self._api_id = ""
        self._turns: dict[str, asyncio.Semaphore] = {}

    def connect(self, http: ClientSession, emulator_url: str, api_id: str) -> None:
        """Forward requests from now on, with a client that does not decompress bodies."""
        self._http, self._emulator_url, self._api_id = http, emulator_url, api_id

    async def api(self, request: web.Request) -> web.StreamResponse:
        """Forward to the deployed API; its `$default` route takes requests that match no other."""
        began = time.time()
        async with self._turn(request):
            answer = await self._pass_on(request, f"/_aws/execute-api/{self._api_id}{request.raw_path}")
        if self._record is not None and request.headers.get(OWN_REQUEST) != OWN:
            self._record(request, await request.read(), answer, began)
        return answer

    def _turn(self, request: web.Request) -> asyncio.Semaphore:
        last = request.path.rstrip("/").rpartition("/")[2]
        most = CALLS_THAT_WAIT_IN_FLIGHT if last == WAITING else CALLS_IN_FLIGHT
        resource = last if last in RESOURCES else "subscriber"
        return self._turns.setdefault(f"{request.method} {resource}", asyncio.Semaphore(most))

    async def bucket(self, request: web.Request) -> web.StreamResponse:
        """Forward a presigned S3 request to S3, and anything else to the API, such as `//login`."""
        if "X-Amz-Signature" not in request.query:
            return await self.api(request)
        return await self._pass_on(request, request.raw_path)

    async def _pass_on(self, request: web.Request, raw_path: str) -> web.Response:
        if self._http is None:
            raise web.HTTPServiceUnavailable(text="starting\n")
        url = URL(f"{self._emulator_url}{raw_path}", encoded=True)
        body = await request.read()
        try:
            async with self._http.request(
                request.method,
                url,
                headers=_request_headers(request),
                data=io.BytesIO(body) if body else None,  # aiohttp warns about large bytes objects
                allow_redirects=False,
                skip_auto_headers=UNSET,
            ) as answer:
                return web.Response(status=answer.status, headers=_kept(answer.headers), body=await answer.read())
        except ClientError as error:
            raise web.HTTPBadGateway(text=f"the emulator did not answer: {error}\n") from error


def _request_headers(request: web.Request) -> CIMultiDict[str]:
    """The client's headers, and those that API Gateway adds."""
    headers = _kept(request.headers)
    headers["X-Forwarded-For"] = request.remote or "127.0.0.1"
    headers["X-Forwarded-Proto"] = request.scheme
    return headers


def _kept(headers: Mapping[str, str]) -> CIMultiDict[str]:
    kept = CIMultiDict(headers)
    for name in HOP_BY_HOP:
        kept.popall(name, None)
    return kept
