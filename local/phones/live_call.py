"""A call between phone pages, as the simulated platform knows it."""

import asyncio
import secrets
import time
from dataclasses import dataclass, field

from local.calls.conversation import session_id
from local.phones.shelf import Held


@dataclass(eq=False)
class LiveCall:
    """One call; `session` identifies it in its push, `joined` are the callee's pages whose SDK takes part.

    The SDK of an iPhone takes part only once its user has answered (Exotel's PushKit guide, contract 6).
    """

    caller: Held
    sid: str = field(default_factory=lambda: secrets.token_hex(16))
    session: str = field(default_factory=lambda: secrets.token_hex(8))
    callers_session: str = field(default_factory=session_id)
    began: int = field(default_factory=lambda: time.time_ns() // 1_000_000)
    callee: str | None = None
    rang: bool = False
    joined: list[Held] = field(default_factory=list)
    busy: set[str] = field(default_factory=set)
    answered_by: Held | None = None
    over: bool = False
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    telling: asyncio.Lock = field(default_factory=asyncio.Lock)  # Exotel sends its events one after the other
    _answered_at: float = 0.0
    _ended_at: float = 0.0

    @property
    def everybody(self) -> list[Held]:
        """All pages whose SDK takes part."""
        return [self.caller, *self.joined]

    @property
    def seconds(self) -> int:
        """How long the parties talked, as far as the call has ended; at least 1 where it was answered."""
        return max(1, round(self._ended_at - self._answered_at)) if self.answered_by else 0

    def has(self, one: Held) -> bool:
        """Whether a page's SDK takes part."""
        return any(one.token == party.token for party in self.everybody)

    def is_between(self, one: Held) -> bool:
        """Whether a page is the caller's or the one that answered."""
        return one.token in {party.token for party in (self.caller, self.answered_by) if party}

    def other(self, one: Held) -> Held | None:
        """Return the other party's page, once the call is answered."""
        return self.answered_by if one.token == self.caller.token else self.caller

    def join(self, phone: Held) -> None:
        """Add a page of the callee's."""
        if not self.has(phone):
            self.joined.append(phone)

    def answer(self, phone: Held) -> None:
        """The callee answers."""
        self.join(phone)
        self.rang, self.answered_by, self._answered_at = True, phone, time.monotonic()
        self.settled.set()

    def end(self) -> int:
        """Nobody can join any more; return how long the parties talked, in seconds."""
        self.over, self._ended_at = True, time.monotonic()
        self.settled.set()
        return self.seconds
