"""The events after a call has rung, or failed to: of Exotel's platform and of both phones' SDKs."""

import asyncio
import secrets
import time
from dataclasses import dataclass, replace
from typing import Any

from local.calls.exotel_events import ExotelEvents
from local.calls.steps import Timeline
from local.gateway.backend import Answer, Backend

RINGING_SECONDS, TALK_SECONDS = 0.2, 1.0
# outcome -> the SDK's CallEndReason
REASONS = {"answered": "NONE", "rejected": "BUSY"}
FEEDBACK_SECONDS, LOOK_AGAIN_SECONDS = 5.0, 0.25  # until the timeline has the call


@dataclass(frozen=True)
class Parties:
    """The parties of a call, and the ids of their SDKs. Without a push the callee's app sends no events."""

    call_sid: str
    caller: str
    callee: str | None
    push_id: str | None
    caller_session: str
    callee_session: str


@dataclass(frozen=True)
class Conversation:
    """Plays the rest of one call; `phones` are the sessions of the callees' phones."""

    backend: Backend
    phones: dict[str, str]
    exotel: ExotelEvents
    parties: Parties
    timeline: Timeline

    async def play(self, end: str) -> None:
        """Play it to its end: an `end` of call.py, or `unreached` if no phone rang. Raises StepFailedError."""
        rang = end != "unreached"
        told, incoming = [_event("onCallInitiated", self.timeline.dialled_at)], []
        if self.parties.callee:
            await self._exotel("agent", "Dial", *(["Ringing"] if rang else []))
        if rang:
            told.append(_event("onCallRinging"))
            incoming.append(_event("onIncomingCall"))
            await self._acknowledge()
            await asyncio.sleep(RINGING_SECONDS)
        if end == "answered":
            await self._exotel("agent", "Answered")
            await self._exotel("status", "answered")
            told.append(_event("onCallEstablished"))
            incoming.append(_event("onCallEstablished"))
            await asyncio.sleep(TALK_SECONDS)
        await self._end(end, int(TALK_SECONDS) if end == "answered" else 0, told, incoming)

    async def _end(self, end: str, seconds: int, told: list[dict[str, Any]], incoming: list[dict[str, Any]]) -> None:
        cdr = {"state": "ENDED", "duration": seconds, "endReason": REASONS.get(end, "TIMEOUT")}
        told.append(_event("onCallEnded") | {"cdr": cdr})
        incoming.append(_event("onMissedCall" if end == "missed" else "onCallEnded") | {"cdr": cdr})
        await self._report(self.backend, self.parties.caller, told, callId=self.parties.call_sid)
        if self.parties.callee and self.parties.push_id:
            await self._report(self._callees(), self.parties.callee, incoming, pushId=self.parties.push_id)
        if self.parties.callee:
            await self._exotel("agent", "Terminal")
        with self.timeline.step("exotel-end") as step:
            for answer in await self.exotel.end(
                self.parties.call_sid, self.parties.caller, end, seconds, self.timeline.dialled_at
            ):
                step.expect(answer)
        if end == "answered":
            await self._rate()

    async def _exotel(self, hook: str, *events: str) -> None:
        with self.timeline.step(f"exotel-{events[-1].lower()}") as step:
            for event in events:
                tell = self.exotel.agent if hook == "agent" else self.exotel.status
                step.expect(await tell(self.parties.call_sid, self.parties.caller, self.parties.callee or "", event))

    async def _acknowledge(self) -> None:
        if self.parties.callee in self.phones and self.parties.push_id:
            with self.timeline.step("push-ack") as step:
                resource = f"pushes/{self.parties.push_id}/ack"
                step.expect(await self._callees().as_user(self.parties.callee, "POST", resource))

    async def _report(self, phone: Backend, name: str, events: list[dict[str, Any]], **ids: str) -> None:
        if name not in phone.sessions:
            return
        session = self.parties.caller_session if name == self.parties.caller else self.parties.callee_session
        with self.timeline.step(f"events-of-{name}") as step:
            body = {"events": [event | ids | {"sessionId": session} for event in events]}
            step.expect(await phone.as_user(name, "POST", "events", body))

    async def _rate(self) -> None:
        """Rate the call, as soon as its timeline is written."""
        body = {"callId": self.parties.call_sid, "rating": 5, "issue": "NO_ISSUE", "statistics": _STATISTICS}
        with self.timeline.step("feedback") as step:
            step.expect(await self._rated(body))

    async def _rated(self, body: dict[str, Any]) -> Answer:
        ends = time.monotonic() + FEEDBACK_SECONDS
        while True:
            answer = await self.backend.as_user(self.parties.caller, "POST", "feedback", body)
            if answer.status != 404 or time.monotonic() > ends:
                return answer
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    def _callees(self) -> Backend:
        return replace(self.backend, sessions=self.phones)


_STATISTICS = {"audioCodec": "opus", "fractionLost": 0.4, "averageJitterMs": 8, "rttMs": 62, "MOS": 4.3}


def _event(name: str, at: int | None = None) -> dict[str, Any]:
    """An event of the SDK; `at` in epoch milliseconds, now where none is given."""
    return {"name": name, "time": at or time.time_ns() // 1_000_000}


def session_id() -> str:
    """An id in the form of the SDK's call ids."""
    return secrets.token_hex(12)
