"""A client of the product's HTTP API, for the roles of the customer's server, an app and Exotel."""

import asyncio
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from aiohttp import ClientSession, encode_basic_auth
from yarl import URL

from local import demo
from local.gateway.api import OWN, OWN_REQUEST


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `json` is the body's object, {} for any other body."""

    status: int
    text: str
    json: Mapping[str, Any]

    @property
    def ok(self) -> bool:
        """Whether the status is a success."""
        return 200 <= self.status < 300


@dataclass
class Backend:
    """Calls the API at `base_url` for one account. A login's session is kept for later calls."""

    http: ClientSession
    base_url: str
    account: str
    sessions: dict[str, str] = field(default_factory=dict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def put_subscriber(self, name: str, body: Mapping[str, Any]) -> Answer:
        """Create or change a subscriber, as the customer's server does."""
        return await self._call("PUT", self._subscriber(name), body, authorization=f"Bearer {demo.SERVER_KEY}")

    async def subscriber(self, name: str) -> Answer:
        """Look a subscriber up, as the customer's server does."""
        return await self._call("GET", self._subscriber(name), authorization=f"Bearer {demo.SERVER_KEY}")

    async def look_up(self, name: str, resource: str = "") -> Answer:
        """Look a subscriber or their devices up for the workbench, which does not list this among the requests."""
        server, path = f"Bearer {demo.SERVER_KEY}", f"{self._subscriber(name)}{resource}"
        return await self._call("GET", path, authorization=server, headers={OWN_REQUEST: OWN})

    async def phones_of(self, name: str) -> int:
        """How many phones a subscriber has, by the customer server's API; 0 for an unknown name."""
        devices = (await self.subscriber(name)).json.get("devices", 0)
        return len(devices) if isinstance(devices, list) else int(devices)

    async def login(self, name: str, device_id: str, platform: str) -> Answer:
        """Log in with the demo's password and keep the session."""
        body = {"user_name": name, "password": demo.PASSWORD, "account_sid": self.account}
        answer = await self._call("POST", "/v1/login", body | {"device_id": device_id, "platform": platform})
        if answer.ok and "session_token" in answer.json:
            self.sessions[name] = str(answer.json["session_token"])
        return answer

    async def as_user(self, name: str, method: str, resource: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Call one of the user's own routes with the kept session."""
        bearer = f"Bearer {self.sessions[name]}" if name in self.sessions else None
        return await self._call(method, f"{self._subscriber(name)}/{resource}", body, authorization=bearer)

    async def dial_whom(self, query: Mapping[str, str], *, as_json: bool) -> Answer:
        """Send a Dial Whom request, as Exotel does."""
        path = f"/v1/accounts/{quote(self.account)}/dialtonumber"
        headers = {"Exotel-Version": "1.0"} if as_json else {}
        return await self._call("GET", path, authorization=self._webhook(), query=query, headers=headers)

    async def push(self, body: Mapping[str, str]) -> Answer:
        """Send a push, as Exotel does."""
        path = f"/v1/accounts/{quote(self.account)}/pushtoclient"
        return await self._call("POST", path, body, authorization=self._webhook())

    async def applet_event(self, query: Mapping[str, str]) -> Answer:
        """Send a call event, as Exotel's applets do."""
        path = f"/v1/accounts/{quote(self.account)}/callevents"
        return await self._call("GET", path, authorization=self._webhook(), query=query)

    async def status_callback(self, form: Mapping[str, str]) -> Answer:
        """Send a call event, as Exotel's StatusCallback does."""
        path = f"/v1/accounts/{quote(self.account)}/callevents"
        return await self._call("POST", path, form=form, authorization=self._webhook())

    async def send_again(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> int:
        """Send a request as it came once, to a path with its query; return the status."""
        url = URL(f"{self.base_url}{target}", encoded=True)
        content = io.BytesIO(body) if body else None
        async with self.http.request(method, url, headers=headers, data=content, allow_redirects=False) as answer:
            return answer.status

    def login_lock(self, name: str) -> asyncio.Lock:
        """The lock that prevents two logins of one subscriber at once."""
        return self._locks.setdefault(name, asyncio.Lock())

    def _subscriber(self, name: str) -> str:
        return f"/v1/accounts/{quote(self.account, safe='')}/subscribers/{quote(name, safe='')}"

    def _webhook(self) -> str:
        return encode_basic_auth(demo.WEBHOOK_USER, demo.WEBHOOK_PASSWORD)

    async def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        authorization: str | None = None,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        sent = dict(headers or {}) | ({"Authorization": authorization} if authorization else {})
        url = f"{self.base_url}{path}"
        async with self.http.request(method, url, json=body, data=form, params=query, headers=sent) as response:
            text = await response.text(errors="replace")
            is_json = response.content_type == "application/json"
            parsed = await response.json() if is_json and text else {}
            return Answer(response.status, text, parsed if isinstance(parsed, dict) else {})
