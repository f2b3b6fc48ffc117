"""Dial Whom: finds the callee that Exotel connects a waiting caller to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from switchboard.calls.context import Asked, Claim, ClaimedCallee
from switchboard.exotel.routing import routed_to
from switchboard.subscribers.status import Status

if TYPE_CHECKING:
    from switchboard.calls.ports import CallContexts
    from switchboard.foundation.clock import Clock
    from switchboard.subscribers.ports import SubscriberStatus

LOOK_EVERY_MS = 100  # for a late context
LAST_LOOK_SECONDS = 3.2  # after arrival; the response is due at 4.0, and Exotel's timeout is about 5
LATE_CLAIMS = 2  # tries; a claim fails if another call claims the context between our read and our write


class Route(StrEnum):
    """How the callee was found, or why there is none."""

    CONTEXT = "context"
    LATE_CONTEXT = "late-context"
    SAME_CALL = "same-call"
    CUSTOM_FIELD = "custom-field"
    NO_CONTEXT = "no-context"
    CALLEE_SUSPENDED = "callee-suspended"
    CALLER_REFUSED = "caller-refused"


class DialRequest(NamedTuple):
    """Exotel's request. `arrived_at` is epoch seconds; `custom_field` is what the app passed to dial(), or ""."""

    account: str
    caller: str
    call_sid: str
    custom_field: str
    arrived_at: float


class DialAnswer(NamedTuple):
    """The callee, or None, and how it was found."""

    callee: str | None
    route: Route


@dataclass(frozen=True, slots=True)
class DialWhom:
    """Finds the callee. `late_context_ms` is how long to wait for a context that arrives late (contract 2.1).

    A request without a callee costs at most four writes (a claim, LATE_CLAIMS, the note) and one read per
    LOOK_EVERY_MS. `note` stores an answer that claimed no context, for the timeline; it must never raise.
    """

    contexts: CallContexts
    subscribers: SubscriberStatus
    clock: Clock
    sleep: Callable[[float], None]
    late_context_ms: int
    custom_field_routing: bool
    note: Callable[[DialRequest, Asked, str | None], None]

    def __call__(self, request: DialRequest) -> DialAnswer:
        """Return the answer within `late_context_ms` and the time of two reads."""
        found = self._by_custom_field(request) or self._by_context(request)
        if found.callee and self.subscribers.status(request.account, found.callee) is Status.INACTIVE:
            found = DialAnswer(None, Route.CALLEE_SUSPENDED)
        if found.callee is None or found.route is Route.CUSTOM_FIELD:
            self.note(request, self._asked(request, found.route), found.callee)
        return found

    def _by_custom_field(self, request: DialRequest) -> DialAnswer | None:
        callee = routed_to(request.custom_field, request.caller) if self.custom_field_routing else None
        if callee is None:  # the app uses the field for something else
            return None
        if self.subscribers.status(request.account, request.caller) is not Status.ACTIVE:
            return DialAnswer(
                None, Route.CALLER_REFUSED
            )  # unlike a context, the field does not authenticate the caller
        return DialAnswer(callee, Route.CUSTOM_FIELD)

    def _by_context(self, request: DialRequest) -> DialAnswer:
        claimed = self._claim(request, Route.CONTEXT)
        if claimed.claim is Claim.FRESH:
            return DialAnswer(claimed.callee, Route.CONTEXT)
        if claimed.claim is Claim.REPEATED:
            return DialAnswer(claimed.callee, Route.SAME_CALL)
        return self._by_late_context(request)

    def _by_late_context(self, request: DialRequest) -> DialAnswer:
        claims = 0
        for _ in self._looks(request):
            found = self.contexts.look(request.account, request.caller, request.call_sid, int(self.clock()))
            if found.claim is Claim.FRESH and claims < LATE_CLAIMS:
                claims += 1
                found = self._claim(request, Route.LATE_CONTEXT)
            if found.callee is not None:
                return DialAnswer(found.callee, Route.LATE_CONTEXT)
        return DialAnswer(None, Route.NO_CONTEXT)  # never from a used context: it has the previous call's callee

    def _looks(self, request: DialRequest) -> Iterator[None]:
        """Yield at each time to read: every LOOK_EVERY_MS, however long a read takes, and once at the end."""
        began = self.clock()
        wait_ms = min(self.late_context_ms, int((request.arrived_at + LAST_LOOK_SECONDS - began) * 1000))
        for due in range(LOOK_EVERY_MS, wait_ms + LOOK_EVERY_MS, LOOK_EVERY_MS):
            ahead = began + min(due, wait_ms) / 1000 - self.clock()
            if ahead < 0 and due < wait_ms:
                continue  # the previous read took longer than LOOK_EVERY_MS
            self.sleep(max(0.0, ahead))
            yield

    def _claim(self, request: DialRequest, route: Route) -> ClaimedCallee:
        asked = self._asked(request, route)
        return self.contexts.claim(request.account, request.caller, request.call_sid, asked)

    def _asked(self, request: DialRequest, route: Route) -> Asked:
        at = int(request.arrived_at * 1000)
        return Asked(at, max(0, int(self.clock() * 1000) - at), route)
