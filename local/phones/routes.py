"""The routes of the phone pages: their connection to the push services and to the platform, as one stream of events."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from aiohttp import web

from local import demo
from local.gateway.feed import Feed
from local.phones.platform import Platform, RefusedError
from local.phones.shelf import Held, NoFreePhoneError, Shelf
from local.simulators.exotel_tokens import SubscriberTokens
from local.simulators.pushes import Push, Pushes

NAME, PAGE = re.compile(r"[A-Za-z0-9]{1,16}"), re.compile(r"[a-z0-9-]{8,40}")
LARGEST_BODY = 65_536  # bytes: what one side's WebRTC has for the other's is a few thousand
DELIVERED_AGAIN_MS = 60_000  # pushes that a page gets when it loads again; it drops those that no longer ring


def topic(token: str) -> str:
    """Return the topic of a phone's events."""
    return f"phone {token}"


@dataclass
class PhoneRoutes:
    """Serves `/_sim/phones/…`. `tokens` is None where the subscriber tokens are the real Exotel's."""

    account: str
    feed: Feed
    shelf: Shelf
    pushes: Pushes
    tokens: SubscriberTokens | None
    platform: Platform | None = None

    def routes(self) -> list[web.RouteDef]:
        """The routes; `page` is an id that the page made up."""
        return [
            web.get("/_sim/phones", self._about),
            web.get("/_sim/phones/{name}/live", self._live),
            web.post("/_sim/phones/{name}/calls", self._dial),
            web.post("/_sim/phones/{name}/calls/{session}/{action}", self._act),
        ]

    def tell(self, phone: Held, kind: str, about: Mapping[str, Any]) -> None:
        """Send an event of the platform to a page."""
        self.feed.publish(topic(phone.token), kind, about)

    def deliver(self, push: Push) -> None:
        """Send an accepted push to the page that is the phone, if there is one."""
        if push.status == 200:
            self.feed.publish(topic(push.token), "push", _delivered(push))

    async def _about(self, _: web.Request) -> web.Response:
        names = [subscriber.name for subscriber in demo.SUBSCRIBERS]
        return web.json_response({"account": self.account, "names": names})

    async def _live(self, request: web.Request) -> web.StreamResponse:
        name, page = request.match_info["name"], request.query.get("page", "")
        if not NAME.fullmatch(name) or not PAGE.fullmatch(page):
            return _refusal(400, "a name has 1 to 16 letters and digits, a page an id")
        try:
            held = self.shelf.take(name, page)
        except NoFreePhoneError:
            return _refusal(409, f"all phones of {name} are open in other windows")
        phone = held.phone
        first: list[tuple[str, object]] = [("phone", _about(held))]
        first += [("push", _delivered(push)) for push in self.pushes.since(phone.token, DELIVERED_AGAIN_MS)]
        self.feed.publish("workbench", "phones", {})
        try:
            return await self.feed.serve(request, [topic(phone.token)], first)
        finally:
            self.shelf.give_back(held)
            if self.platform is not None:
                self.platform.left(held)
            self.feed.publish("workbench", "phones", {})

    async def _dial(self, request: web.Request) -> web.Response:
        def dial(platform: Platform, phone: Held, body: Mapping[str, Any]) -> dict[str, str]:
            self._check(phone, str(body.get("access_token", "")))
            call = platform.dial(phone)
            return {"callId": call.sid, "session": call.session, "callers_session": call.callers_session}

        return await self._answered(request, dial)

    async def _act(self, request: web.Request) -> web.Response:
        session, action = request.match_info["session"], request.match_info["action"]

        def act(platform: Platform, phone: Held, body: Mapping[str, Any]) -> dict[str, str]:
            match action:
                case "ring":
                    platform.ring(phone, session)
                case "answer":
                    platform.answer(phone, session)
                case "decline":
                    platform.decline(phone, session)
                case "busy":
                    platform.refuse_busy(phone, session)
                case "hang-up":
                    platform.hang_up(phone, session)
                case "signal":
                    platform.signal(phone, session, body.get("about"))
                case _:
                    raise RefusedError(404, f"an SDK cannot {action}")
            return {}

        return await self._answered(request, act)

    async def _answered(self, request: web.Request, work: Any) -> web.Response:  # noqa: ANN401 - the functions above
        sent = await request.read()
        if len(sent) > LARGEST_BODY:
            return _refusal(413, f"the body has more than {LARGEST_BODY} bytes")
        try:
            body = json.loads(sent)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return _refusal(400, "the body is a JSON object")
        phone = self.shelf.holder(str(body.get("token", "")))
        if self.platform is None:
            return _refusal(503, "starting")
        if phone is None or phone.name != request.match_info["name"] or phone.page != body.get("page"):
            return _refusal(403, "this page does not hold the phone")
        try:
            return web.json_response(work(self.platform, phone, body))
        except RefusedError as error:
            return _refusal(error.status, str(error))

    def _check(self, phone: Held, access_token: str) -> None:
        """Raise RefusedError unless the token is this user's, for this phone."""
        if self.tokens is None:
            return
        try:
            claims = self.tokens.read(access_token)
        except jwt.ExpiredSignatureError as error:
            raise RefusedError(401, "the access token has expired") from error
        except jwt.InvalidTokenError as error:
            raise RefusedError(401, "not an access token of this platform") from error
        if (claims.get("sub"), claims.get("typ")) != (phone.name, "access"):
            raise RefusedError(401, "another user's access token")
        if claims.get("device_id") != phone.phone.device_id:
            raise RefusedError(401, "an access token for another device_id")


def _about(held: Held) -> dict[str, object]:
    phone = held.phone
    about = {"name": held.name, "number": held.number, "platform": phone.platform, "deviceId": phone.device_id}
    return about | {"token": phone.token, "tokenType": phone.token_type or "fcm"}


def _delivered(push: Push) -> dict[str, object]:
    return {"at": push.at, "service": push.service, "data": dict(push.data)}


def _refusal(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)
