"""The model of call contexts: the callee of a caller's next call, and the call that used the context.

Named tuples, because dataclasses take three times as long to define at each cold start.
"""

from enum import Enum, auto
from typing import NamedTuple

LONGEST_MESSAGE = 1000  # characters
DELETED = "deleted"  # by the caller's app, on purpose


class CallContext(NamedTuple):
    """The callee whom `caller` is about to dial. `set_at` is in milliseconds, `expires_at` in epoch seconds.

    `caller_name` is the caller's display name at that time.
    """

    account: str
    caller: str
    callee: str
    message: str
    set_at: int
    expires_at: int
    caller_name: str = ""

    @property
    def shown_caller(self) -> str:
        """The caller's display name, else the name; never empty, because iOS 26 fails on that (contract 6)."""
        return self.caller_name or self.caller


class SharedWith(NamedTuple):
    """A context, and when Dial Whom answered the call that used it (milliseconds), or None if none has."""

    context: CallContext
    used_at: int | None


class Ending(NamedTuple):
    """Why a context ends before it expires: `at` in milliseconds, `by` DELETED or the code of a refused POST.

    It is stored until `expires_at` (epoch seconds), to explain why a call had no callee.
    """

    at: int
    by: str
    expires_at: int


class Claim(Enum):
    """The result of claiming a context for a call (contract 2.1, the race)."""

    FRESH = auto()  # it was unused, and is now used by this call
    REPEATED = auto()  # this call was answered before, and gets the same answer
    USED = auto()  # another call has used it; a newer context may arrive
    ABSENT = auto()  # there is none, or it ended or expired


class Asked(NamedTuple):
    """A Dial Whom request for the call's timeline: its arrival and the wait for a context (milliseconds), its route."""

    at: int
    waited_ms: int
    route: str

    @property
    def now(self) -> int:
        """The time of the answer, in whole epoch seconds."""
        return (self.at + self.waited_ms) // 1000


class ClaimedCallee(NamedTuple):
    """The result of a claim; `callee` is the call's answer, or None if there is none (yet)."""

    claim: Claim
    callee: str | None = None


class Answered(NamedTuple):
    """A Dial Whom answer that named a callee: the CallSid, the callee, and when it was given (milliseconds)."""

    call: str
    callee: str
    at: int
