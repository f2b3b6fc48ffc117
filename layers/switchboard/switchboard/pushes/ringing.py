"""What rings now: a call's invites to its callee, so that they can be stopped (docs/decisions/0070)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from switchboard.calls.context import Answered
from switchboard.pushes.push import Push, key_in

PUSHED_WITHIN_MS = 5_000  # after Dial Whom's answer Exotel sends the push (contract 2.1)


@dataclass(frozen=True, slots=True)
class RingingCall:
    """A call that may ring until `until` (milliseconds); without `pushes` no invite has been sent so far.

    `id` tells when Dial Whom answered the call and its CallSid (ringing_id). `pushes` has the call's UUID by pushId.
    `phones` are the callee's phones (phone_of) with an invite, `knowing` those whose app understands a cancel.
    `answered` says that one of them has answered, `answered_by` which one, where that is known; `ended_by` are those
    that declined or hung up. `over` is the reason why nothing may ring any more.
    """

    account: str
    callee: str
    id: str
    until: int
    caller: str = ""
    pushes: Mapping[str, str] = field(default_factory=dict)
    phones: frozenset[str] = frozenset()
    knowing: frozenset[str] = frozenset()
    answered: bool = False
    answered_by: frozenset[str] = frozenset()
    ended_by: frozenset[str] = frozenset()
    over: str | None = None

    @property
    def call_sid(self) -> str:
        """The CallSid, or the push's key for a call that Dial Whom does not know."""
        return self.id.partition("#")[2]

    @property
    def spared(self) -> frozenset[str]:
        """The phones that get no cancel: what happened to the call happened there."""
        return self.answered_by | self.ended_by

    @property
    def answered_somewhere(self) -> bool:
        """Whether a phone has answered of which nobody knows which: a cancel could reach it."""
        return self.answered and not self.answered_by

    def has_push(self, push_id: str) -> bool:
        """Whether the push with that id, or a repetition of it, is one of the call's invites."""
        return key_in(push_id) in map(key_in, self.pushes)


def ringing_id(at: int, call: str) -> str:
    """Return the id of a call that Dial Whom answered at `at` (milliseconds); ids sort by that time."""
    return f"{at:013d}#{call}"


def id_of(push: Push, dialled: Answered | None) -> str:
    """Return the id of the push's call; a call that Dial Whom does not know has the push's time and key."""
    return ringing_id(push.accepted_at, push.key) if dialled is None else ringing_id(dialled.at, dialled.call)
