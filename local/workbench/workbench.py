"""The routes behind the workbench's panels."""

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import dataclass, field

from aiohttp import web

from local.gateway.backend import Backend
from local.gateway.feed import Feed
from local.simulators.pushes import Push
from local.workbench.call_list import CallList
from local.workbench.exchange import Exchange
from local.workbench.log_lines import LogLines
from local.workbench.operator import CommandError, Operator
from local.workbench.queue_list import QueueList
from local.workbench.requests import Requests
from local.workbench.users import Users

TOPIC = "workbench"
NOT_SENT_AGAIN = {"host", "content-length", "connection", "transfer-encoding"}
LOOK_AT_QUEUES_SECONDS = 1.0


@dataclass(frozen=True)
class Parts:
    """What the panels show, once the stack is up."""

    backend: Backend
    operator: Operator
    calls: CallList
    logs: LogLines
    queues: QueueList
    users: Users


@dataclass
class Workbench:
    """Serves `/_sim/live` and the panels' routes; announces what happens on the topic `workbench`."""

    feed: Feed
    requests: Requests
    parts: Parts | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def routes(self) -> list[web.RouteDef]:
        """The panels' routes."""
        return [
            web.get("/_sim/live", self._live),
            web.get("/_sim/requests", self._list_requests),
            web.get("/_sim/requests/{number:[0-9]{1,12}}", self._request),
            web.post("/_sim/requests/{number:[0-9]{1,12}}/replay", self._replay),
            web.get("/_sim/calls", self._list_calls),
            web.get("/_sim/calls/{call}/why", self._why),
            web.get("/_sim/queues", self._list_queues),
            web.get("/_sim/dead-letters", self._dead_letters),
            web.post("/_sim/dead-letters/redrive", self._redrive),
            web.get("/_sim/users", self._list_users),
            web.post("/_sim/users/{name}/phones/{number:[0-9]}/restore", self._restore),
        ]

    def open(self, parts: Parts) -> None:
        """Serve these parts from now on, and look after calls and queues; runs on the servers' event loop."""
        self.parts = parts
        self.requests.heard.append(parts.calls.heard)
        for work in (parts.calls.run(), self._watch_queues(parts.queues)):
            self._begin(work)

    async def close(self) -> None:
        """End what runs beside the routes."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.parts is not None:
            await self.parts.operator.close()

    def heard(self, exchange: Exchange) -> None:
        """Announce a request."""
        self.feed.publish(TOPIC, "request", exchange.row())

    def pushed(self, push: Push) -> None:
        """Announce a message that FCM or APNs got."""
        self.feed.publish(TOPIC, "push", push.with_answer())

    async def _live(self, request: web.Request) -> web.StreamResponse:
        if self.parts is not None:
            self.parts.calls.look()
        return await self.feed.serve(request, [TOPIC])

    async def _list_requests(self, _: web.Request) -> web.Response:
        return web.json_response([one.row() for one in self.requests.newest()])

    async def _request(self, request: web.Request) -> web.Response:
        found = self.requests.find(int(request.match_info["number"]))
        if found is None:
            return _refusal(404, "only the newest requests are kept, and this is not among them")
        lines = await asyncio.to_thread(self.parts.logs.of, found) if self.parts else []
        return web.json_response(found.details() | {"log_lines": lines})

    async def _replay(self, request: web.Request) -> web.Response:
        found = self.requests.find(int(request.match_info["number"]))
        if found is None or self.parts is None:
            return _refusal(404, "only the newest requests are kept, and this is not among them")
        headers = [one for one in found.request.headers if one[0].lower() not in NOT_SENT_AGAIN]
        status = await self.parts.backend.send_again(found.method, found.target, headers, found.request.body)
        return web.json_response({"status": status})

    async def _list_calls(self, _: web.Request) -> web.Response:
        calls = self.parts.calls if self.parts else None
        return web.json_response({"calls": calls.rows() if calls else [], "problem": calls.problem if calls else ""})

    async def _why(self, request: web.Request) -> web.Response:
        if self.parts is None:
            return _refusal(503, "starting")
        try:
            return web.json_response(await self.parts.calls.why(request.match_info["call"]))
        except (CommandError, OSError, TimeoutError) as error:
            return _refusal(502, str(error))

    async def _list_queues(self, _: web.Request) -> web.Response:
        return web.json_response(await asyncio.to_thread(self.parts.queues.depths) if self.parts else [])

    async def _dead_letters(self, _: web.Request) -> web.Response:
        return await self._command("dlq", "show")

    async def _redrive(self, request: web.Request) -> web.Response:
        body = json.loads(await request.read() or b"{}")
        queue = body.get("queue") if isinstance(body, dict) else None
        return await self._command("dlq", "redrive", "--yes", *(["--queue", str(queue)] if queue else []))

    async def _list_users(self, _: web.Request) -> web.Response:
        return web.json_response(await self.parts.users.rows() if self.parts else [])

    async def _restore(self, request: web.Request) -> web.Response:
        if self.parts is None:
            return _refusal(503, "starting")
        name, number = request.match_info["name"], int(request.match_info["number"])
        answer = await self.parts.users.restore(name, number)
        return web.Response(status=204) if answer.ok else _refusal(502, f"{name}: {answer.json.get('message', '')}")

    async def _command(self, *arguments: str) -> web.Response:
        if self.parts is None:
            return _refusal(503, "starting")
        try:
            return web.json_response(await self.parts.operator.run(*arguments))
        except (CommandError, OSError, TimeoutError) as error:
            return _refusal(502, str(error))

    async def _watch_queues(self, queues: QueueList) -> None:
        told: object = None
        while True:
            if self.feed.listened(TOPIC):
                depths = await asyncio.to_thread(queues.depths)
                if depths != told:
                    self.feed.publish(TOPIC, "queues", depths)
                told = depths
            await asyncio.sleep(LOOK_AT_QUEUES_SECONDS)

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _refusal(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)
