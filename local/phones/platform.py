"""Exotel's platform for the phone pages: it connects the SDKs of a call's parties."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError

from local.phones.bridge import Bridge
from local.phones.live_call import LiveCall
from local.phones.shelf import Held, Shelf

MOST_CALLS = 200  # that are remembered
GRACE_SECONDS = 5.0  # in which a page that was closed in a call may come back

type Tell = Callable[[Held, str, dict[str, Any]], None]


class RefusedError(Exception):
    """What an SDK asks for is refused, with an HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Platform:
    """Runs the calls between pages; `tell` sends an event to a page. All methods run on the servers' event loop."""

    bridge: Bridge
    shelf: Shelf
    tell: Tell
    _calls: dict[str, LiveCall] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def dial(self, caller: Held) -> LiveCall:
        """Begin a call to the exophone; raises RefusedError."""
        if any(call.has(caller) and not call.over for call in self._calls.values()):
            raise RefusedError(409, "this phone is in a call")
        call = LiveCall(caller)
        self._calls[call.session] = call
        for oldest in list(self._calls)[:-MOST_CALLS]:
            del self._calls[oldest]
        self._begin(self._run(call))
        return call

    def ring(self, phone: Held, session: str) -> None:
        """Note that a callee's phone rings and that its SDK has the payload; raises RefusedError."""
        call = self._call(session)
        if call.answered_by or call.over:
            raise _gone(call)
        call.join(phone)
        if not call.rang:
            call.rang = True
            self.tell(call.caller, "ringing", {"session": session})
            self._begin(self.bridge.tell(call, "Ringing"))

    def answer(self, phone: Held, session: str) -> None:
        """Connect the callee's phone with the caller's; raises RefusedError if the call is gone."""
        call = self._call(session)
        if call.answered_by or call.over:
            raise _gone(call)
        call.answer(phone)
        for party in call.everybody:
            if call.is_between(party):
                self.tell(party, "established", {"session": session, "callId": call.sid})
            else:
                self.tell(party, "ended", {"session": session, "end": "answered", "why": "answered on another phone"})
        self._begin(self.bridge.tell_answered(call))

    def decline(self, phone: Held, session: str) -> None:
        """End the ringing, since the user declined; raises RefusedError."""
        self._end(self._call(session), "rejected", f"declined by {phone.name}")

    def refuse_busy(self, phone: Held, session: str) -> None:
        """Note that the phone is in another call; ends the ringing once all open phones of the user are."""
        call = self._call(session)
        call.busy.add(phone.token)
        if {one.token for one in self.shelf.held() if one.name == phone.name} <= call.busy:
            self._end(call, "rejected", f"{phone.name} is in another call")

    def hang_up(self, phone: Held, session: str) -> None:
        """End a call, or the attempt; raises RefusedError for a phone outside the call."""
        call = self._of(phone, session)
        self._end(call, "answered" if call.answered_by else "hung-up", f"{phone.name} hung up")

    def signal(self, phone: Held, session: str, about: object) -> None:
        """Pass on what one side's WebRTC has for the other's; raises RefusedError."""
        other = self._of(phone, session).other(phone)
        if other is not None:
            self.tell(other, "signal", {"session": session, "about": about})

    def left(self, phone: Held) -> None:
        """End the calls of a closed page, unless it comes back soon."""
        for call in self._calls.values():
            if not call.over and call.is_between(phone):
                self._begin(self._hang_up_later(phone, call))

    async def close(self) -> None:
        """Cancel what runs."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, call: LiveCall) -> None:
        try:
            why = await self.bridge.connect(call)
        except (ClientError, OSError) as error:
            why = f"the backend does not answer: {type(error).__name__}"
        if why:
            self._end(call, "missed" if call.rang else "unreached", why)

    def _end(self, call: LiveCall, end: str, why: str) -> None:
        if call.over:
            return
        seconds = call.end()
        for party in call.everybody:
            if call.answered_by is None or call.is_between(party):
                self.tell(party, "ended", {"session": call.session, "end": end, "why": why, "seconds": seconds})
        self._begin(self.bridge.tell_end(call, end))

    async def _hang_up_later(self, phone: Held, call: LiveCall) -> None:
        await asyncio.sleep(GRACE_SECONDS)
        holder = self.shelf.holder(phone.token)
        if holder is None or holder.page != phone.page:
            self._end(call, "answered" if call.answered_by else "hung-up", f"{phone.name}'s page was closed")

    def _call(self, session: str) -> LiveCall:
        call = self._calls.get(session)
        if call is None:
            raise RefusedError(404, "no phone page placed this call: it was played by /_sim/calls or sent with curl")
        return call

    def _of(self, phone: Held, session: str) -> LiveCall:
        call = self._call(session)
        if not call.has(phone):
            raise RefusedError(403, "this phone is not in the call")
        return call

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        """Forget a task. Where the backend did not answer, the list of requests shows it, and the call goes on."""
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, ClientError | OSError):
            logging.getLogger(__name__).error("a call between phone pages failed", exc_info=error)


def _gone(call: LiveCall) -> RefusedError:
    return RefusedError(410, "answered on another phone" if call.answered_by else "the call has ended")
