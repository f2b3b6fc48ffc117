"""The public server's own routes: health and `/_sim/…` for scripts."""

import json

from aiohttp import web

from local import demo
from local.calls.call import BadCallError, parse_call
from local.calls.player import CallPlayer
from local.deployment.deploy import STACK
from local.emulator.process import ADMIN_KEY, ADMIN_SECRET, REGION
from local.simulators.faults import BadFaultError, Faults, parse_fault
from local.simulators.pushes import Pushes

NEWEST = 200  # messages that `?all` lists


class Control:
    """Serves the routes of the local stack; calls work after `open` got a player."""

    def __init__(self, faults: Faults, pushes: Pushes, account: str, exophone: str) -> None:
        self._faults, self._pushes, self._account, self._exophone = faults, pushes, account, exophone
        self._player: CallPlayer | None = None
        self._emulator_url = ""

    def connect(self, emulator_url: str) -> None:
        """Serve the emulator's address from now on."""
        self._emulator_url = emulator_url

    def open(self, player: CallPlayer) -> None:
        """Report healthy from now on, and play calls."""
        self._player = player

    def routes(self) -> list[web.RouteDef]:
        """The routes of the local stack, which the product does not have."""
        return [
            web.get("/healthz", self._health),
            web.get("/_sim/demo", self._demo),
            web.get("/_sim/aws", self._aws),
            web.post("/_sim/calls", self._call),
            web.get("/_sim/calls/{call_sid}", self._played),
            web.get("/_sim/pushes", self._list_pushes),
            web.delete("/_sim/pushes", self._clear_pushes),
            web.post("/_sim/faults", self._add_fault),
            web.get("/_sim/faults", self._list_faults),
            web.delete("/_sim/faults", self._clear_faults),
            web.delete("/_sim/faults/{position:[0-9]{1,4}}", self._remove_fault),
        ]

    async def _health(self, _: web.Request) -> web.Response:
        ready = self._player is not None
        return web.json_response({"status": "ok" if ready else "starting"}, status=200 if ready else 503)

    async def _demo(self, _: web.Request) -> web.Response:
        subscribers = [
            {"name": subscriber.name, "phones": [phone.platform for phone in subscriber.phones]}
            for subscriber in demo.SUBSCRIBERS
        ]
        tokens = {phone.token: subscriber.name for subscriber in demo.SUBSCRIBERS for phone in subscriber.phones}
        about = {"account": self._account, "exophone": self._exophone, "server_key": demo.SERVER_KEY}
        about |= {"password": demo.PASSWORD, "device_id": demo.first_phone("alice").device_id}
        about |= {"webhook_user": demo.WEBHOOK_USER, "webhook_password": demo.WEBHOOK_PASSWORD}
        return web.json_response(about | {"subscribers": subscribers, "tokens": tokens})

    async def _aws(self, _: web.Request) -> web.Response:
        """What `switchboard --local` needs: the emulator's address and its root's keys, public on this machine."""
        if not self._emulator_url:
            return _refusal(503, "starting")
        keys = {"access_key_id": ADMIN_KEY, "secret_access_key": ADMIN_SECRET}
        return web.json_response({"endpoint": self._emulator_url, "region": REGION, "stack": STACK} | keys)

    async def _call(self, request: web.Request) -> web.Response:
        if self._player is None:
            return _refusal(503, "starting")
        try:
            call = parse_call(await _body(request))
        except (BadCallError, json.JSONDecodeError) as error:
            return _refusal(400, str(error))
        return web.json_response(await self._player.play(call))

    async def _played(self, request: web.Request) -> web.Response:
        conversations = self._player.conversations if self._player else None
        played = conversations.find(request.match_info["call_sid"]) if conversations else None
        return web.json_response(played.as_json()) if played else _refusal(404, "no such call")

    async def _list_pushes(self, request: web.Request) -> web.Response:
        if "all" in request.query:
            return web.json_response([push.with_answer() for push in self._pushes.attempts()[-NEWEST:]])
        return web.json_response([push.as_json() for push in self._pushes.accepted()])

    async def _clear_pushes(self, _: web.Request) -> web.Response:
        self._pushes.clear()
        return web.Response(status=204)

    async def _add_fault(self, request: web.Request) -> web.Response:
        try:
            self._faults.add(parse_fault(await _body(request)))
        except (BadFaultError, json.JSONDecodeError) as error:
            return _refusal(400, str(error))
        return web.json_response(self._faults.left(), status=201)

    async def _list_faults(self, _: web.Request) -> web.Response:
        return web.json_response(self._faults.left())

    async def _remove_fault(self, request: web.Request) -> web.Response:
        self._faults.remove(int(request.match_info["position"]))
        return web.Response(status=204)

    async def _clear_faults(self, _: web.Request) -> web.Response:
        self._faults.clear()
        return web.Response(status=204)


async def _body(request: web.Request) -> object:
    return json.loads(await request.read())


def _refusal(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)
