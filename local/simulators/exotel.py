"""Exotel's Subscriber API (contract 3): subscriber tokens and the subscribers themselves."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import encode_basic_auth, web

from local.simulators.exotel_answers import part, several, single
from local.simulators.exotel_subscribers import NAME, STATUSES, DuplicateSubscriberError, Subscribers
from local.simulators.exotel_tokens import PLATFORMS, SubscriberTokens
from local.simulators.faults import Faults

MOST_AT_ONCE = 10
LARGEST_PAGE = 100
ACCOUNT = "/v2/accounts/{account}"

type Handler = Callable[[web.Request], Awaitable[web.Response]]


class ExotelSimulator:
    """`accounts` maps an account sid to its (API key, API token); tests may add accounts while it runs."""

    def __init__(self, accounts: Mapping[str, tuple[str, str]], faults: Faults) -> None:
        self.accounts = dict(accounts)
        self.subscribers = Subscribers()
        self.tokens = SubscriberTokens()
        self._faults = faults

    def routes(self) -> list[web.RouteDef]:
        """The API's routes; each checks faults and the account's credentials first."""
        one, all_of_them = f"{ACCOUNT}/subscribers/{{name}}", f"{ACCOUNT}/subscribers"
        return [
            web.post(f"{ACCOUNT}/subscriber-token", self._guarded(self._issue_token)),
            web.post(all_of_them, self._guarded(self._create)),
            web.get(all_of_them, self._guarded(self._list), allow_head=False),
            web.get(one, self._guarded(self._get), allow_head=False),
            web.put(one, self._guarded(self._change)),
            web.delete(one, self._guarded(self._delete)),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.Response:
            fault = self._faults.take("exotel")
            if fault:
                await asyncio.sleep(fault.delay_ms / 1000)
            if fault and fault.answer_status:
                answer = single(request, fault.answer_status, None, fault.error_code)
                if fault.retry_after is not None:
                    answer.headers["Retry-After"] = str(fault.retry_after)
                return answer
            return await handler(request) if self._authorized(request) else single(request, 401, None)

        return guarded

    def _authorized(self, request: web.Request) -> bool:
        wanted = self.accounts.get(request.match_info["account"])
        return wanted is not None and request.headers.get("Authorization") == encode_basic_auth(*wanted)

    async def _issue_token(self, request: web.Request) -> web.Response:
        body = await _body(request)
        name, device, platform = (body.get(key) for key in ("subscriber_name", "device_id", "platform"))
        if not _is_name(name) or platform not in PLATFORMS or not device or not isinstance(device, str):
            return single(request, 400, None)
        account = request.match_info["account"]
        known = self.subscribers.get(account, str(name))
        if known is None:
            return single(request, 404, None)
        if known.status != "active":
            return single(request, 400, None, "Subscriber is inactive")
        tokens = self.tokens.issue(account, known.name, device, str(platform))
        return single(request, 200, {"subscriber_name": known.name, "subscriber_token": tokens})

    async def _create(self, request: web.Request) -> web.Response:
        wanted = (await _body(request)).get("subscribers")
        if not isinstance(wanted, list) or not 1 <= len(wanted) <= MOST_AT_ONCE:
            return single(request, 400, None, f"subscribers must be a list of 1 to {MOST_AT_ONCE}")
        parts = [self._create_one(request.match_info["account"], one) for one in wanted]
        failed = sum(made["code"] >= 400 for made in parts)
        return several(request, 207, {"failed": failed, "success": len(parts) - failed}, parts)

    def _create_one(self, account: str, wanted: object) -> dict[str, Any]:
        name = wanted.get("subscriber_name") if isinstance(wanted, Mapping) else None
        custom = wanted.get("custom_field") if isinstance(wanted, Mapping) else None
        if not _is_name(name) or not isinstance(custom, str | None):
            return part(400, None, "Invalid subscriber_name")
        fault = self._faults.take("exotel", subscriber=str(name))
        if fault and fault.answer_status:
            return part(fault.answer_status, None, fault.error_code)
        try:
            return part(200, self.subscribers.create(account, str(name), custom).as_json())
        except DuplicateSubscriberError:
            return part(409, None)

    async def _get(self, request: web.Request) -> web.Response:
        known = self.subscribers.get(request.match_info["account"], request.match_info["name"])
        return single(request, 200, known.as_json()) if known else single(request, 404, None)

    async def _change(self, request: web.Request) -> web.Response:
        body = await _body(request)
        changes = {key: body[key] for key in ("status", "custom_field") if key in body}
        if changes.get("status", "active") not in STATUSES or not all(
            isinstance(text, str) for text in changes.values()
        ):
            return single(request, 400, None)
        changed = self.subscribers.change(request.match_info["account"], request.match_info["name"], **changes)
        return single(request, 200, changed.as_json()) if changed else single(request, 404, None)

    async def _delete(self, request: web.Request) -> web.Response:
        gone = self.subscribers.delete(request.match_info["account"], request.match_info["name"])
        return web.Response(status=204) if gone else single(request, 404, None)

    async def _list(self, request: web.Request) -> web.Response:
        status = request.query.get("status")
        try:
            size, offset = (int(request.query.get(key, usual)) for key, usual in (("page_size", "50"), ("offset", "0")))
        except ValueError:
            return single(request, 400, None)
        if status not in (None, *STATUSES) or not 1 <= size <= LARGEST_PAGE or offset < 0:
            return single(request, 400, None)
        listed = self.subscribers.listed(request.match_info["account"], status)
        parts = [part(200, known.as_json()) for known in listed[offset : offset + size]]
        return several(request, 200, _pages(request, size, offset, len(listed)), parts)


async def _body(request: web.Request) -> Mapping[str, Any]:
    """Return the request's JSON object, or {}."""
    try:
        body = json.loads(await request.read())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _is_name(name: object) -> bool:
    return isinstance(name, str) and NAME.fullmatch(name) is not None


def _pages(request: web.Request, size: int, offset: int, total: int) -> dict[str, str | None]:
    def uri(start: int) -> str:
        return str(request.rel_url.update_query(page_size=str(size), offset=str(start)))

    return {
        "first_page_uri": uri(0),
        "prev_page_uri": uri(max(0, offset - size)) if offset else None,
        "next_page_uri": uri(offset + size) if offset + size < total else None,
    }
