"""Finds the call that a push is for, by time, caller and callee: it has no CallSid (docs/decisions/0053)."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from switchboard.calls.context import Answered

LATER_MS = 2_000  # clock differences: Dial Whom may seem this much later than the push that followed it
NEAR_MS = 5_000  # Exotel sends the push within this time after Dial Whom's answer; a redial takes longer


class Correlation(StrEnum):
    """Whether the call that a timeline's pushes were for is known."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"  # there is no call with that caller and callee
    AMBIGUOUS = "ambiguous"  # there are several within the ring time


def fitting(answers: Sequence[Answered], callee: str, accepted_at: int, ring_ms: int) -> Sequence[Answered]:
    """Return the answers that a push to `callee` can be for, newest first; times are in milliseconds."""
    fit = [
        answer
        for answer in sorted(answers, key=lambda answer: answer.at, reverse=True)
        if answer.callee == callee and accepted_at - ring_ms <= answer.at <= accepted_at + LATER_MS
    ]
    return list({answer.call: answer for answer in reversed(fit)}.values())[::-1]


def call_of(fit: Sequence[Answered], accepted_at: int, same: Collection[str] = ()) -> str | Correlation:
    """Return the CallSid of the push, by the answers that fit it, or why it has none.

    `same` has the calls that have got the same push before. Of two redialled calls the newer one is certain only while
    it is near: Exotel may send the push of the older one late.
    """
    for answer in fit:
        if answer.call in same:
            return answer.call
    if not fit:
        return Correlation.UNMATCHED
    before = [answer for answer in fit if answer.at <= accepted_at] or fit  # a later one is a redial's
    if len(before) > 1 and before[0].at < accepted_at - NEAR_MS:
        return Correlation.AMBIGUOUS
    return before[0].call
