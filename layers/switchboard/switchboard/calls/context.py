"""A call before it rings: whom a caller set out to reach, and which call that answered.

Named tuples, which take a third of the time that data classes take to be made at each cold start.
"""

from enum import Enum, auto
from typing import NamedTuple

LONGEST_MESSAGE = 1000  # characters
DELETED = "deleted"  # by the caller's app, on purpose


class CallContext(NamedTuple):
    """Whom `caller` is about to dial. `set_at` is in milliseconds, `expires_at` in epoch seconds.

    `caller_name` is the caller's display name of then.
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
        """The caller's display name, else the name; never empty, which breaks iOS 26 (contract 6)."""
        return self.caller_name or self.caller


class Ending(NamedTuple):
    """Why a context ends before it expires: `at` in milliseconds, `by` DELETED or the code of a refused POST.

    A trace of it is kept until `expires_at` (epoch seconds), for whoever asks why a call reached nobody.
    """

    at: int
    by: str
    expires_at: int


class Claim(Enum):
    """How a context answers a call (contract 2.1, the race)."""

    FRESH = auto()  # nobody had used it: it is this call's now
    REPEATED = auto()  # this very call was answered before: the same answer
    USED = auto()  # another call used it: it answers no other, and a newer one may be on its way
    ABSENT = auto()  # there is none, it ended, or it expired


class Asked(NamedTuple):
    """When Dial Whom was asked, how long the context was waited for (both milliseconds), and by what route it answered.

    The call's timeline is made of it.
    """

    at: int
    waited_ms: int
    route: str

    @property
    def now(self) -> int:
        """When it answers, in whole epoch seconds."""
        return (self.at + self.waited_ms) // 1000


class ClaimedCallee(NamedTuple):
    """What claiming a context gave; `callee` is this call's answer, absent where there is none or none yet."""

    claim: Claim
    callee: str | None = None
