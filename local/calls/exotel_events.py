"""Call events of Exotel's platform: agent pass-through, StatusCallback, Passthru (contract 2.3)."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from local.gateway.backend import Answer, Backend

INDIAN_TIME = timezone(timedelta(hours=5, minutes=30))
UNKNOWN = "1970-01-01 05:30:00"
# outcome -> CallType, DialCallStatus, and StatusCallback's Status
WORDS = {
    "answered": ("completed", "completed", "completed"),
    "rejected": ("incomplete", "busy", "busy"),
    "missed": ("incomplete", "no-answer", "no-answer"),
    "hung-up": ("client-hangup", "canceled", "canceled"),
    "unreached": ("incomplete", "no-answer", "no-answer"),
}


@dataclass(frozen=True)
class ExotelEvents:
    """Sends the events of one account's calls; times are whole seconds, as Exotel's are."""

    backend: Backend
    exophone: str

    async def agent(self, sid: str, caller: str, callee: str, event: str) -> Answer:
        """Send the state of dialling the callee."""
        status = "free" if event == "Terminal" else "busy"
        about = {"DialWhomNumber": f"sip:{callee}", "Status": status, "EventType": event, "CurrentTime": _now()}
        return await self.backend.applet_event(self._call(sid, caller, "outbound-dial") | about)

    async def status(self, sid: str, caller: str, callee: str, event: str) -> Answer:  # noqa: ARG002 - as `agent`
        """Send a StatusCallback during the call."""
        about = {"EventType": event, "Status": "in-progress", "DateUpdated": _now(), "From": f"sip:{caller}"}
        return await self.backend.status_callback({"CallSid": sid, "Direction": "inbound"} | about)

    async def end(self, sid: str, caller: str, end: str, seconds: int, began: int) -> list[Answer]:
        """Send the events of the end: Passthru, then the last StatusCallback; `began` in epoch milliseconds."""
        call_type, dial_status, status = WORDS[end]
        times = {"StartTime": _at(began / 1000), "EndTime": UNKNOWN, "CurrentTime": _now()}
        passthru = {"CallType": call_type, "DialCallStatus": dial_status, "DialCallDuration": str(seconds)}
        talk = {"Legs[0][OnCallDuration]": str(seconds), "Legs[0][Status]": dial_status} if seconds else {}
        first = await self.backend.applet_event(self._call(sid, caller, "incoming") | times | passthru | talk)
        about = {"EventType": "terminal", "Status": status, "DateUpdated": _now(), "From": f"sip:{caller}"}
        about |= {
            "StartTime": _at(began / 1000),
            "EndTime": _now(),
            "ConversationDuration": str(seconds),
            "Direction": "inbound",
        }
        return [first, await self.backend.status_callback({"CallSid": sid} | about | talk)]

    def _call(self, sid: str, caller: str, direction: str) -> dict[str, str]:
        return {
            "CallSid": sid,
            "CallFrom": f"sip:{caller}",
            "CallTo": f"sip:{self.exophone}",
            "Direction": direction,
        }


def _now() -> str:
    return _at(time.time())


def _at(epoch_seconds: float) -> str:
    return f"{datetime.fromtimestamp(epoch_seconds, UTC).astimezone(INDIAN_TIME):%Y-%m-%d %H:%M:%S}"
