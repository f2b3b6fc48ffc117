"""Erase deleted users, one bounded step at a time: each stored step makes the next one come."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from switchboard.erasure.deleted_users import DeletedUsers
from switchboard.erasure.erasures import Sweep, added, traces_after
from switchboard.erasure.ports import Part, Sweeps
from switchboard.foundation.clock import Clock
from switchboard.foundation.errors import UnavailableError
from switchboard.subscribers.erased import ErasedUser
from switchboard.subscribers.ports import Generations

MOST_TRIES = 50  # steps without progress


@dataclass(frozen=True, slots=True)
class EraseSubscribers:
    """Sweeps the parts in their order, for all erasures that wait when a sweep starts.

    The certificate counts on logs being kept `log_days`, and uploads of phones' logs `upload_days`.
    """

    sweeps: Sweeps
    parts: Sequence[Part]
    profiles: Generations
    clock: Clock
    log_days: int
    upload_days: int

    def __call__(self, *, next_step: bool) -> Sweep | None:
        """Take the sweep's next step; where none runs, start one if erasures wait. Return the sweep that took a step.

        Without `next_step` a sweep that runs is left alone. Errors of the stores are raised; the step can be repeated.
        """
        sweep = self.sweeps.current()
        if sweep is None:
            if waiting := self.sweeps.waiting():
                self.sweeps.start([one.place for one in waiting])
            return None
        if not next_step:
            return None
        if sweep.position.part == len(self.parts):
            now = int(self.clock())
            self.sweeps.finish(sweep, traces_after(now, self.log_days, self.upload_days), now)
        else:
            self.sweeps.advance(self._swept(sweep))
        return sweep

    def _swept(self, sweep: Sweep) -> Sweep:
        part, position = self.parts[sweep.position.part], sweep.position
        swept = part.sweep(position.cursor, self._users(sweep))
        after = position.after(done=swept.done, cursor=swept.cursor)
        if after.tries >= MOST_TRIES:
            raise UnavailableError("stuck", "an item is changed again and again: try again")
        return replace(sweep, position=after, counts=added(sweep.counts, swept.counts))

    def _users(self, sweep: Sweep) -> DeletedUsers:
        """Return the deleted users, as of now: somebody may have got a name since the step before."""
        waiting = self.sweeps.swept(sweep)
        now = self.profiles.generations([(one.account, one.name) for one in waiting])
        return DeletedUsers(
            [
                ErasedUser.of(
                    one.account,
                    one.name,
                    one.erasure,
                    keeps=one.keeps,
                    generation=one.generation,
                    now=now.get((one.account, one.name)),
                )
                for one in waiting
            ]
        )
