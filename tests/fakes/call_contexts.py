"""Call contexts in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from switchboard.calls.context import Answered, Asked, CallContext, Claim, ClaimedCallee, Ending, SharedWith


@dataclass
class _Entry:
    context: CallContext | None = None
    answered_call: str | None = None
    answered_callee: str | None = None
    answered_at: int = 0
    used: bool = False
    answers: list[Answered] = field(default_factory=list)  # of claims, the newest last
    noted: Answered | None = None


class FakeCallContexts:
    """Implements ports.calls.CallContexts, SharedContexts and DialAnswers."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], _Entry] = {}
        self.traces: list[tuple[str, str, Asked, str | None]] = []  # caller, call, how, callee
        self.endings: list[Ending] = []
        self.asked: list[str] = []  # names of the methods that cost a write or a read

    def put(self, context: CallContext) -> None:
        entry = self._entries.setdefault((context.account, context.caller), _Entry())
        entry.context, entry.used = context, False

    def find(self, account: str, caller: str, now: int) -> CallContext | None:
        context = self._entries.get((account, caller), _Entry()).context
        return context if context and context.expires_at > now else None

    def shared(self, account: str, caller: str, now: int) -> SharedWith | None:
        context, entry = self.find(account, caller, now), self._entries.get((account, caller), _Entry())
        return SharedWith(context, entry.answered_at if entry.used else None) if context else None

    def end(self, account: str, caller: str, ending: Ending) -> None:
        self._entries.setdefault((account, caller), _Entry()).context = None
        self.endings.append(ending)

    def delete(self, account: str, caller: str) -> None:
        self._entries.pop((account, caller), None)

    def look(self, account: str, caller: str, call_sid: str, now: int) -> ClaimedCallee:
        self.asked.append("look")
        return self._claim_result(account, caller, call_sid, now)

    def _claim_result(self, account: str, caller: str, call_sid: str, now: int) -> ClaimedCallee:
        entry = self._entries.get((account, caller), _Entry())
        if entry.answered_call == call_sid:
            return ClaimedCallee(Claim.REPEATED, entry.answered_callee)
        if entry.context is None or entry.context.expires_at <= now:
            return ClaimedCallee(Claim.ABSENT)
        return ClaimedCallee(Claim.USED if entry.used else Claim.FRESH)

    def claim(self, account: str, caller: str, call_sid: str, asked: Asked) -> ClaimedCallee:
        self.asked.append("claim")
        found = self._claim_result(account, caller, call_sid, asked.now)
        entry = self._entries.get((account, caller), _Entry())
        if found.claim is not Claim.FRESH or entry.context is None:
            return found
        self.traces.append((caller, call_sid, asked, entry.context.callee))
        entry.answers = [*entry.answers, Answered(call_sid, entry.context.callee, asked.at + asked.waited_ms)][-2:]
        entry.answered_call, entry.answered_callee, entry.used = call_sid, entry.context.callee, True
        entry.answered_at = asked.at
        return ClaimedCallee(Claim.FRESH, entry.context.callee)

    def note(
        self, account: str, caller: str, call_sid: str, asked: Asked, *, callee: str | None, expires_at: int
    ) -> None:
        self.asked.append("note")
        self.traces.append((caller, call_sid, asked, callee))
        entry = self._entries.setdefault((account, caller), _Entry())
        entry.noted = Answered(call_sid, callee, asked.at + asked.waited_ms) if callee else None

    def answers(self, account: str, caller: str) -> Sequence[Answered]:
        entry = self._entries.get((account, caller), _Entry())
        found = [*entry.answers, *([entry.noted] if entry.noted else [])]
        return sorted(found, key=lambda answer: answer.at, reverse=True)
