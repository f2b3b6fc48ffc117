"""What Exotel's platform does with the product in a call: Dial Whom, the push, and the call's events."""

import asyncio
from dataclasses import dataclass, field

from local.calls.call_data import call_data
from local.calls.exotel_events import ExotelEvents
from local.calls.player import destination
from local.gateway.backend import Backend
from local.phones.live_call import LiveCall
from local.simulators.faults import Faults

NO_ONE = "Dial Whom names no one"


@dataclass(frozen=True)
class Bridge:
    """Finds the callee of a call and makes the phones ring, for at most `ring_seconds`."""

    backend: Backend
    exotel: ExotelEvents
    ring_seconds: float
    faults: Faults = field(default_factory=Faults)

    async def connect(self, call: LiveCall) -> str:
        """Return why the call was not answered; "" where it is settled. Raises aiohttp's ClientError, OSError."""
        self.faults.begin_call(call.session)
        query = {"CallSid": call.sid, "CallFrom": f"sip:{call.caller.name}", "CallTo": f"sip:{self.exotel.exophone}"}
        query |= {"CallStatus": "ringing", "Direction": "incoming", "CallType": "call-attempt"}
        answer = await self.backend.dial_whom(query, as_json=False)
        bridged = destination(answer, as_json=False) if answer.ok else None
        if bridged is None:
            return NO_ONE if answer.status == 404 else f"Dial Whom failed with {answer.status}"
        call.callee = bridged.removeprefix("sip:")
        await self.tell(call, "Dial")
        payload = call_data(call.caller.name, call.session)
        body = {"subscriberName": call.callee, "payload": payload, "payloadVersion": "1.0"}
        pushed = await self.backend.push(body)
        if not pushed.ok:
            return f"the push failed with {pushed.status}"
        try:
            await asyncio.wait_for(call.settled.wait(), self.ring_seconds)
        except TimeoutError:
            return "no answer" if call.rang else "no phone rang"
        return ""

    async def tell(self, call: LiveCall, event: str) -> None:
        """Send a state of dialling the callee."""
        async with call.telling:
            await self.exotel.agent(call.sid, call.caller.name, call.callee or "", event)

    async def tell_answered(self, call: LiveCall) -> None:
        """Send what Exotel sends when the callee answers."""
        await self.tell(call, "Answered")
        async with call.telling:
            await self.exotel.status(call.sid, call.caller.name, call.callee or "", "answered")

    async def tell_end(self, call: LiveCall, end: str) -> None:
        """Send what Exotel sends at the end; `end` is a word of ExotelEvents."""
        self.faults.end_call(call.session)
        if call.callee:
            await self.tell(call, "Terminal")
        async with call.telling:
            await self.exotel.end(call.sid, call.caller.name, end, call.seconds, call.began)
