"""Calls that continue after their phones rang, each played to its end in the background."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from aiohttp import ClientError

from local.calls.conversation import Conversation, Parties, session_id
from local.calls.exotel_events import ExotelEvents
from local.calls.steps import StepFailedError, Timeline
from local.gateway.backend import Backend
from local.simulators.pushes import Pushes

REMEMBERED = 1000  # calls


@dataclass
class Played:
    """A call as far as it has been played; `over` when it has ended."""

    call_sid: str
    caller: str
    outcome: str
    timeline: Timeline
    over: bool = False

    def as_json(self) -> dict[str, Any]:
        """The body of `GET /_sim/calls/{call_sid}`."""
        steps = [asdict(step) for step in self.timeline.steps]
        return {"call_sid": self.call_sid, "outcome": self.outcome, "over": self.over, "steps": steps}


@dataclass
class Conversations:
    """Plays calls in the background after they rang; `phones` are the callees' sessions."""

    backend: Backend
    pushes: Pushes
    exophone: str
    phones: Mapping[str, str]
    _played: dict[str, Played] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self, played: Played, end: str) -> None:
        """Continue a call; `end` is the outcome of one that rang."""
        self._played[played.call_sid] = played
        for oldest in list(self._played)[:-REMEMBERED]:
            del self._played[oldest]
        task = asyncio.create_task(self._play(played, end if played.outcome == "ringing" else "unreached"))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def find(self, call_sid: str) -> Played | None:
        """Return one of the last calls."""
        return self._played.get(call_sid)

    async def close(self) -> None:
        """Cancel running calls."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _play(self, played: Played, end: str) -> None:
        exotel = ExotelEvents(self.backend, self.exophone)
        talk = Conversation(self.backend, dict(self.phones), exotel, self._parties(played), played.timeline)
        try:
            await talk.play(end)
        except (StepFailedError, ClientError, OSError, TimeoutError):
            pass  # the step records what failed
        finally:
            played.over = True

    def _parties(self, played: Played) -> Parties:
        timeline = played.timeline
        rung = self.pushes.accepted(timeline.payload) if timeline.payload else []
        push_id = str(rung[0].data.get("pushId", "")) if rung else ""
        return Parties(played.call_sid, played.caller, timeline.callee, push_id or None, session_id(), session_id())
