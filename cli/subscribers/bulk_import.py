"""An import: creates names at Exotel in batches of ten, then here, and records each step in the journal.

Each step first reads the present state, so a repetition changes nothing: Exotel's list shows who exists there, our
profile what differs. A password is compared with the one stored, so that a second import ends nobody's sessions.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched

from cli.aws import explained
from cli.subscribers.both_sides import BothSides
from cli.subscribers.directory import MOST_AT_ONCE, Created, Creation, DirectoryEntry, NewSubscriber
from cli.subscribers.journal import Journal, Settled
from cli.subscribers.rows import Row
from cli.subscribers.wanted import wanted_change
from switchboard.foundation.deadline import Deadline
from switchboard.provisioning.manage_subscribers import Change

RETRY_SECONDS = 5  # before a retry of names that Exotel could not create now

type Progress = Callable[[int], None]


@dataclass
class Import:
    """Creates or changes the rows' subscribers on both sides. `progress` gets the number of settled names."""

    sides: BothSides
    journal: Journal
    progress: Progress = lambda _: None
    known: Mapping[str, DirectoryEntry] = field(default_factory=dict)

    def run(self, rows: Sequence[Row]) -> Sequence[Settled]:
        """Settle every row and return its result, earlier runs included. Raises OperatorError."""
        waiting = self.waiting(rows)
        self.progress(len(rows) - len(waiting))
        if waiting:
            self.known = self.sides.at_exotel()
        # names to create come first, so that all batches but the last are full
        for batch in batched(sorted(waiting, key=lambda row: row.name in self.known), MOST_AT_ONCE, strict=False):
            self.journal.settle(self._settled(batch))
            self.progress(len(batch))
        return [self.journal.settled[row.name] for row in rows]

    def waiting(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows that are not settled; failed ones are tried again."""
        settled = self.journal.settled
        return [row for row in rows if row.name not in settled or settled[row.name].failed]

    def _settled(self, batch: Sequence[Row]) -> Iterator[Settled]:
        at_exotel = self._at_exotel(batch)
        there = [row for row in batch if at_exotel[row.name].outcome in (Created.CREATED, Created.EXISTING)]
        with explained():
            here = {row.name: self._here(row) for row in there}
        for row in batch:
            verdict = at_exotel[row.name]
            if row.name in here:
                yield Settled(row.name, str(verdict.outcome), here[row.name])
            else:
                yield Settled(row.name, "failed", "", f"Exotel: {verdict.reason}")

    def _at_exotel(self, batch: Sequence[Row]) -> Mapping[str, Creation]:
        """Create the batch's missing subscribers at Exotel."""
        verdicts = {row.name: self._before(row.name) for row in batch if row.name in self.known}
        wanted = [NewSubscriber(row.name, row.custom_field) for row in batch if row.name not in self.known]
        ours = self.journal.asked.intersection(one.name for one in wanted)
        for left in reversed(range(self.sides.patience.tries)):
            if not wanted:
                break
            self.journal.ask(one.name for one in wanted)
            answered, tries = self._create(wanted)
            if tries > 1:
                ours.update(answered)
            verdicts |= {name: _as_ours(verdict, mine=name in ours) for name, verdict in answered.items()}
            wanted = [one for one in wanted if verdicts[one.name].outcome is Created.LATER]
            ours.update(one.name for one in wanted)
            if wanted and left:
                self.sides.patience.wait(f"{len(wanted)} of {len(batch)} names: Exotel cannot now", RETRY_SECONDS, left)
        return verdicts

    def _create(self, wanted: Sequence[NewSubscriber]) -> tuple[Mapping[str, Creation], int]:
        """Return Exotel's verdicts, and the number of requests."""
        tries = 0

        def once_more(deadline: Deadline) -> Mapping[str, Creation]:
            nonlocal tries
            tries += 1
            return self.sides.exotel.create_many(self.sides.account, wanted, deadline)

        return self.sides.patience(once_more), tries

    def _before(self, name: str) -> Creation:
        """A subscriber that exists already was created by the run before, if that one was stopped after its request."""
        return Creation(Created.CREATED if name in self.journal.asked else Created.EXISTING)

    def _here(self, row: Row) -> str:
        """Create or change our profile and return the result."""
        known = self.sides.subscribers.find(self.sides.sid, row.name)
        change = wanted_change(row, known, self.known.get(row.name), self.sides.passwords)
        if change == Change():
            return "created" if row.name in self.journal.making else "unchanged"
        if known is None:
            self.journal.make(row.name)
        manage = self.sides.managing(known_at_exotel=True)
        _, _, new = self.sides.patience(lambda _: manage.put(self.sides.sid, row.name, change))
        return "created" if new else "changed"


def _as_ours(verdict: Creation, *, mine: bool) -> Creation:
    """A subscriber that exists after a request without an answer was created by that request."""
    return Creation(Created.CREATED) if mine and verdict.outcome is Created.EXISTING else verdict
