"""Ports for the erasure of deleted users."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from switchboard.erasure.deleted_users import DeletedUsers
from switchboard.erasure.erasures import Sweep, Traces, Waiting


class Erasures(Protocol):
    """Begins erasures."""

    def begin(self, account: str, name: str, generation: int, *, keeps: bool) -> str:
        """Have the user's data erased in the background; return the erasure's id.

        With `keeps` the records of calls are kept under a pseudonym. Repeating it for the same generation is one
        erasure. From now on what is told of that user is recorded without the name.
        """
        ...


class Sweeps(Protocol):
    """The sweep that runs, if one does, and the erasures that wait for one."""

    def current(self) -> Sweep | None:
        """Return the sweep that runs, or None."""
        ...

    def waiting(self) -> Sequence[Waiting]:
        """Return the oldest erasures that are not done, at most MOST_AT_ONCE."""
        ...

    def swept(self, sweep: Sweep) -> Sequence[Waiting]:
        """Return the erasures that the sweep is for, and that are not done."""
        ...

    def start(self, places: Sequence[str]) -> None:
        """Start a sweep unless one has been started meanwhile; storing it makes the first step come."""
        ...

    def advance(self, sweep: Sweep) -> None:
        """Store how far the sweep is, unless somebody else has; storing it makes the next step come."""
        ...

    def finish(self, sweep: Sweep, traces: Traces, finished_at: int) -> None:
        """Store the certificates and forget the names, some in each step; then end the sweep: what waits is next."""
        ...


@dataclass(slots=True)
class Swept:
    """What a step did in its part: whether that is done, else where it goes on, and what was counted by erasure."""

    done: bool
    cursor: Mapping[str, Any] | None = None
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Part(Protocol):
    """A part of what is stored: a table, the log bucket."""

    def sweep(self, cursor: Mapping[str, Any] | None, users: DeletedUsers) -> Swept:
        """Erase the users from the next items. It makes a bounded number of requests, and can be repeated.

        Errors of the stores are raised.
        """
        ...
