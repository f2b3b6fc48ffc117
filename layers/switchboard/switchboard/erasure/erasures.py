"""Erasures: what is done with a deleted user's data, step by step, and the certificate of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypedDict

MOST_AT_ONCE = 500  # users whom one sweep erases: it reads each table once for all of them
NAMES_DAYS = 15  # how long the hash of a name is kept: a day longer than dead letters are
BACKUP_DAYS = 35  # DynamoDB's point-in-time recovery
DEAD_LETTER_DAYS = 14  # SQS's longest retention, which the dead-letter queues have
STREAM_DAYS = 1  # DynamoDB's streams
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Waiting:
    """A deleted user of that generation, to be erased; the only place that has the name, until that is done."""

    erasure: str
    account: str
    name: str
    generation: int
    keeps: bool
    since: int

    @property
    def place(self) -> str:
        """Where it stands among those that wait: sorted by time."""
        return f"{self.since:010d}#{self.erasure}"


@dataclass(frozen=True, slots=True)
class Position:
    """How far a sweep is: the index of its part, and where in it; None at the beginning of the part.

    `tries` are the steps that have got no further, because an item was changed at the same time.
    """

    part: int = 0
    cursor: Mapping[str, Any] | None = None
    tries: int = 0

    def after(self, *, done: bool, cursor: Mapping[str, Any] | None) -> Self:
        """Return the position after a step that has done the part, or got to `cursor`."""
        if done:
            return type(self)(self.part + 1)
        return type(self)(self.part, cursor, self.tries + 1 if cursor == self.cursor else 0)


@dataclass(frozen=True, slots=True)
class Sweep:
    """One pass over everything that is stored, for up to MOST_AT_ONCE erasures: their places among those that wait.

    `counts` has for each erasure how many items of a kind were deleted or changed. A step is stored only in place of
    the `version` that it began with.
    """

    version: int
    places: Sequence[str]
    position: Position = Position()
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Traces(TypedDict):
    """Until when traces of the name may be left outside of tables and the bucket, in epoch seconds."""

    logs: int
    log_uploads_of_others: int
    backups: int
    dead_letters: int
    streams: int
    hash_of_the_name: int


class Certificate(TypedDict):
    """An erasure, without the name. Times are epoch seconds, null where that has not happened yet."""

    erasure: str
    account: str
    call_records: str
    requested_at: int
    finished_at: int | None
    counts: Mapping[str, int]
    traces_until: Traces | None


def traces_after(finished_at: int, log_days: int, upload_days: int) -> Traces:
    """Return until when traces may be left after an erasure that is done at `finished_at` (epoch seconds)."""
    return {
        "logs": finished_at + log_days * _DAY,
        "log_uploads_of_others": finished_at + upload_days * _DAY,
        "backups": finished_at + BACKUP_DAYS * _DAY,
        "dead_letters": finished_at + DEAD_LETTER_DAYS * _DAY,
        "streams": finished_at + STREAM_DAYS * _DAY,
        "hash_of_the_name": finished_at + NAMES_DAYS * _DAY,
    }


def added(
    counts: Mapping[str, Mapping[str, int]], more: Mapping[str, Mapping[str, int]]
) -> Mapping[str, Mapping[str, int]]:
    """Return the sum of two counts of erasures."""
    return {
        erasure: {
            what: counts.get(erasure, {}).get(what, 0) + more.get(erasure, {}).get(what, 0)
            for what in sorted({*counts.get(erasure, {}), *more.get(erasure, {})})
        }
        for erasure in {*counts, *more}
    }
