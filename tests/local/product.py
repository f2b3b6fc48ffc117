"""A fake of the product, with the routes that a simulated call needs."""

import asyncio
import time
from typing import Any

from aiohttp import web

from local.simulators.pushes import Pushes

SUBSCRIBER = "/v1/accounts/{account}/subscribers/{name}"


class Product:
    """Knows every subscriber with a number of phones, and hands pushes to `pushes` with the status set for them."""

    def __init__(self, pushes: Pushes, phones: dict[str, int]) -> None:
        self.pushes, self.phones = pushes, phones
        self.contexts: dict[str, str] = {}
        self.push_status = 200
        self.logins = 0
        self.sessions: set[str] = set()
        self.seen: list[str] = []

    def application(self) -> web.Application:
        application = web.Application()
        application.add_routes(
            [
                web.post("/v1/login", self.login),
                web.get(SUBSCRIBER, self.subscriber),
                web.post(f"{SUBSCRIBER}/context", self.context),
                web.get("/v1/accounts/{account}/dialtonumber", self.dial_whom),
                web.post("/v1/accounts/{account}/pushtoclient", self.push),
            ]
        )
        return application

    async def login(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body["user_name"] not in self.phones:
            return web.json_response({"code": "wrong_credentials"}, status=403)
        self.logins += 1
        session = f"session{self.logins}"
        self.sessions.add(session)
        return web.json_response({"session_token": session})

    async def subscriber(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return web.json_response({"devices": self.phones[name]} if name in self.phones else {}, status=200)

    async def context(self, request: web.Request) -> web.Response:
        self.seen.append("context")
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.sessions:
            return web.json_response({}, status=401)
        self.contexts[request.match_info["name"]] = (await request.json())["dialToNumber"]
        return web.json_response({})

    async def dial_whom(self, request: web.Request) -> web.Response:
        self.seen.append("dial-whom")
        caller, ends = request.query["CallFrom"].removeprefix("sip:"), time.monotonic() + 2
        while caller not in self.contexts and time.monotonic() < ends:
            await asyncio.sleep(0.01)
        callee = self.contexts.get(caller, "")
        if request.headers.get("Exotel-Version"):
            return web.json_response({"destination": {"numbers": [f"sip:{callee}"] if callee != "noone" else []}})
        return web.Response(text=f"sip:{callee}") if callee != "noone" else web.Response(status=404)

    async def push(self, request: web.Request) -> web.Response:
        body: dict[str, Any] = await request.json()
        for number in range(self.phones.get(body["subscriberName"], 0)):
            self.pushes.record({"token": f"phone{number}", "data": {"payload": body["payload"]}}, self.push_status)
        return web.json_response({})
