"""Firebase Cloud Messaging, HTTP v1: any device token is accepted, unless a fault is set."""

import asyncio
import json
import secrets
import time
from typing import Any

from aiohttp import web

from local.calls.call_data import session_in
from local.simulators.faults import Fault, Faults
from local.simulators.fcm_errors import USUAL_CODES, error_answer, reason_in
from local.simulators.fcm_rules import refusals
from local.simulators.fcm_schema import Violation, violations
from local.simulators.oauth import OAuthSimulator
from local.simulators.pushes import Pushes


class FcmSimulator:
    """Accepts what FCM would accept, and records it in `pushes`."""

    def __init__(self, project: str, oauth: OAuthSimulator, faults: Faults, pushes: Pushes) -> None:
        self._project, self._oauth, self._faults, self._pushes = project, oauth, faults, pushes

    async def send(self, request: web.Request) -> web.Response:
        """Answer `POST /v1/projects/{project}/messages:send`."""
        body = _json(await request.read())
        message = body.get("message", {}) if isinstance(body, dict) else {}
        if not isinstance(message, dict):
            message = {}
        answer = await self._answer(request, body, message)
        if answer.status != 200 or not _only_validates(body):
            self._pushes.record(message, answer.status, reason_in(answer))
        return answer

    async def _answer(self, request: web.Request, body: object, message: dict[str, Any]) -> web.Response:
        data = message.get("data")
        call = session_in(str(data.get("payload"))) if isinstance(data, dict) else None
        fault = self._faults.take("fcm", str(message.get("token") or message.get("fid") or ""), call=call)
        if fault:
            await asyncio.sleep(fault.delay_ms / 1000)
        if fault and fault.answer_status:
            return _fault_answer(fault, fault.answer_status)
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not self._oauth.accepts(bearer):
            return error_answer(401)
        if request.match_info["project"] != self._project:
            return error_answer(403)
        wrong = violations(body) or list(refusals(message))
        if wrong:
            return error_answer(400, "INVALID_ARGUMENT", wrong)
        return web.json_response({"name": f"projects/{self._project}/messages/0:{_message_id()}"})


def _json(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _only_validates(body: object) -> bool:
    return isinstance(body, dict) and body.get("validateOnly") is True


def _fault_answer(fault: Fault, status: int) -> web.Response:
    code = fault.error_code or USUAL_CODES.get(status)
    at_fault = [Violation(fault.field, f"Invalid value at '{fault.field}'")] if fault.field else []
    return error_answer(status, code, at_fault, fault.retry_after)


def _message_id() -> str:
    """Return a message id in FCM's form: microseconds and sixteen hex digits."""
    return f"{time.time_ns() // 1000}%{secrets.token_hex(8)}"
