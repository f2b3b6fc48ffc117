"""Dial Whom with fakes for everything outside the use case; alice calls."""

from dataclasses import dataclass, field

from switchboard.calls.context import Asked, CallContext
from switchboard.calls.dial_whom import DialAnswer, DialRequest, DialWhom
from switchboard.subscribers.subscriber import Status
from tests.fakes.call_contexts import FakeCallContexts
from tests.fakes.clock import FakeClock


@dataclass
class Statuses:
    known: dict[str, Status] = field(default_factory=lambda: {"alice": Status.ACTIVE})

    def status(self, account: str, name: str) -> Status | None:
        return self.known.get(name)


@dataclass
class DialWhomBench:
    clock: FakeClock = field(default_factory=FakeClock)
    contexts: FakeCallContexts = field(default_factory=FakeCallContexts)
    statuses: Statuses = field(default_factory=Statuses)

    def alice_sets(self, callee: str) -> None:
        now = self.clock()
        self.contexts.put(CallContext("acme", "alice", callee, "", int(now * 1000), int(now) + 60))

    def dial(
        self, call_sid: str = "call-1", *, custom_field: str = "", routing: bool = False, late: int = 1500
    ) -> DialAnswer:
        return self.use_case(late, routing)(DialRequest("acme", "alice", call_sid, custom_field, self.clock()))

    def use_case(self, late: int, routing: bool) -> DialWhom:
        return DialWhom(self.contexts, self.statuses, self.clock, self.clock.sleep, late, routing, self.note)

    def note(self, request: DialRequest, asked: Asked, callee: str | None) -> None:
        self.contexts.note(request.account, request.caller, request.call_sid, asked, callee=callee, expires_at=0)

    def traces(self) -> list[tuple[str, str, int, str | None]]:
        """The call, route, wait (milliseconds) and callee of each trace that Dial Whom wrote."""
        return [(call, asked.route, asked.waited_ms, callee) for _, call, asked, callee in self.contexts.traces]
