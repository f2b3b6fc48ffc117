"""Simulates a call: the caller's phone, Exotel's platform, and the wait until the callee's phones ring."""

import asyncio
import secrets
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from aiohttp import ClientError

from local import demo
from local.calls.call import Call
from local.calls.call_data import call_data
from local.calls.conversations import Conversations, Played
from local.calls.queue_watch import QueueWatch
from local.calls.ringing import PhoneWatch
from local.calls.steps import StepFailedError, Timeline
from local.gateway.backend import Answer, Backend
from local.simulators.faults import Faults

# The Android app posts the context so long after its dial().
CONTEXT_AFTER_DIAL_SECONDS = 0.3


@dataclass(frozen=True)
class CallPlayer:
    """Places calls through the public server; with `conversations` they continue after the ringing."""

    backend: Backend
    phones: PhoneWatch | QueueWatch
    exophone: str
    conversations: Conversations | None = None
    faults: Faults = field(default_factory=Faults)

    async def play(self, call: Call) -> dict[str, Any]:
        """Place a call: `{"call_sid", "outcome", "steps"}`; never raises for a fault of the product."""
        sid, timeline = secrets.token_hex(16), Timeline()
        self.faults.begin_call(timeline.session)
        try:
            outcome = await self._play(call, sid, timeline)
        except (StepFailedError, ClientError, OSError, TimeoutError):
            outcome = "failed"
        answer = {"call_sid": sid, "outcome": outcome, "steps": [asdict(step) for step in timeline.steps]}
        if self.conversations is not None and timeline.dialled_at:
            self.conversations.begin(Played(sid, call.caller, outcome, timeline), call.end)
        self.faults.end_call(timeline.session)
        return answer

    async def _play(self, call: Call, sid: str, timeline: Timeline) -> str:
        await self._login(call.caller, timeline)
        if call.order == "dial-first":
            callee, _ = await asyncio.gather(self._dial_whom(call, sid, timeline), self._context_late(call, timeline))
        else:
            await self._context(call, timeline)
            callee = await self._dial_whom(call, sid, timeline)
        if callee is None:
            return "no-destination"
        timeline.callee = callee
        return await self._ring(call, callee, timeline)

    async def _login(self, caller: str, timeline: Timeline) -> None:
        """Log in, unless an earlier call's session is still valid."""
        with timeline.step("login") as step:
            async with self.backend.login_lock(caller):
                if caller in self.backend.sessions:
                    step.detail = "session kept"
                    return
                step.expect(await self._new_session(caller))

    async def _new_session(self, caller: str) -> Answer:
        phone = demo.first_phone(caller)
        return await self.backend.login(caller, phone.device_id, phone.platform)

    async def _context(self, call: Call, timeline: Timeline) -> None:
        body = {"dialToNumber": call.callee, "message": call.message}
        with timeline.step("context") as step:
            answer = await self.backend.as_user(call.caller, "POST", "context", body)
            if answer.status == 401 and call.caller in self.backend.sessions:
                # The kept session ended: a password change or a suspension in between.
                await self._new_session(call.caller)
                answer = await self.backend.as_user(call.caller, "POST", "context", body)
            step.expect(answer)

    async def _context_late(self, call: Call, timeline: Timeline) -> None:
        await asyncio.sleep(CONTEXT_AFTER_DIAL_SECONDS)
        await self._context(call, timeline)

    async def _dial_whom(self, call: Call, sid: str, timeline: Timeline) -> str | None:
        """Send the Dial Whom request; None if the answer is "no one"."""
        as_json = call.format == "json"
        timeline.dialled_at = time.time_ns() // 1_000_000
        query = {"CallSid": sid, "CallFrom": f"sip:{call.caller}", "CallTo": f"sip:{self.exophone}"}
        query |= {"CallStatus": "ringing", "Direction": "incoming", "CallType": "call-attempt"}
        with timeline.step("dial-whom") as step:
            answer = await self.backend.dial_whom(query, as_json=as_json)
            if answer.status == 404 and not as_json:
                step.detail = "404 no one"
                return None
            bridged = destination(step.expect(answer), as_json=as_json)
            step.detail = f"200 {bridged or 'no one'}"
            return bridged.removeprefix("sip:") if bridged else None

    async def _ring(self, call: Call, callee: str, timeline: Timeline) -> str:
        payload = timeline.payload = call_data(call.caller, timeline.session)
        with timeline.step("push") as step:
            body = {"subscriberName": callee, "payload": payload, "payloadVersion": "1.0"}
            step.expect(await self.backend.push(body))
        with timeline.step("phone-rang") as step:
            ringing = await self.phones.wait(callee, payload)
            step.detail = ringing.detail
            step.status = "ok" if ringing.outcome == "ringing" else ringing.outcome
        return ringing.outcome


def destination(answer: Answer, *, as_json: bool) -> str | None:
    """Return the first destination in the answer: `sip:<name>`, or None."""
    if not as_json:
        return answer.text if answer.text.startswith("sip:") else None
    numbers = answer.json.get("destination", {}).get("numbers", [])
    return str(numbers[0]) if numbers else None
