"""Call contexts in memory."""

from dataclasses import dataclass

from switchboard.domain.calls import Asked, CallContext, Claim, ClaimedCallee


@dataclass
class _Entry:
    context: CallContext
    answered_call: str | None = None
    answered_callee: str | None = None
    used: bool = False


class FakeCallContexts:
    """Implements ports.calls.CallContexts."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], _Entry] = {}
        self.traces: list[tuple[str, str, Asked, str | None]] = []  # caller, call, how, callee

    def put(self, context: CallContext) -> None:
        entry = self._entries.setdefault((context.account, context.caller), _Entry(context))
        entry.context, entry.used = context, False

    def find(self, account: str, caller: str, now: int) -> CallContext | None:
        entry = self._entries.get((account, caller))
        return entry.context if entry and entry.context.expires_at > now else None

    def delete(self, account: str, caller: str) -> None:
        self._entries.pop((account, caller), None)

    def claim(self, account: str, caller: str, call_sid: str, asked: Asked, *, reuse: bool = False) -> ClaimedCallee:
        entry = self._entries.get((account, caller))
        if entry is None:
            return ClaimedCallee(Claim.ABSENT)
        if entry.answered_call == call_sid:
            return ClaimedCallee(Claim.REPEATED, entry.answered_callee)
        if entry.context.expires_at <= asked.now:
            return ClaimedCallee(Claim.ABSENT)
        if entry.used and not reuse:
            return ClaimedCallee(Claim.USED, entry.context.callee)
        self.traces.append((caller, call_sid, asked, entry.context.callee))
        entry.answered_call, entry.answered_callee, entry.used = call_sid, entry.context.callee, True
        return ClaimedCallee(Claim.USED if reuse else Claim.FRESH, entry.context.callee)

    def note(
        self, account: str, caller: str, call_sid: str, asked: Asked, *, callee: str | None, expires_at: int
    ) -> None:
        self.traces.append((caller, call_sid, asked, callee))
