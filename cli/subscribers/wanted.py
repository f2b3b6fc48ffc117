"""The changes that rows need: an import makes them, a dry run shows them."""

from collections.abc import Iterator, Sequence

from cli.aws import explained
from cli.subscribers.both_sides import BothSides
from cli.subscribers.directory import DirectoryEntry
from cli.subscribers.journal import Settled
from cli.subscribers.rows import Row
from switchboard.login.ports import Passwords
from switchboard.provisioning.manage_subscribers import Change
from switchboard.subscribers.subscriber import Status, Subscriber


def wanted_change(row: Row, known: Subscriber | None, exotel: DirectoryEntry | None, passwords: Passwords) -> Change:
    """Return the row's changes to our profile; a subscriber suspended at Exotel becomes suspended here.

    A password equal to the stored one is no change, since a change would end the user's sessions.
    """
    if known is None:
        suspended = exotel is not None and exotel.status == Status.INACTIVE
        return Change(row.password, row.display_name, Status.INACTIVE if suspended else Status.ACTIVE)
    same = known.password_hash and row.password and passwords.verify(row.password, known.password_hash)
    return Change(None if same else row.password, None if row.display_name == known.display_name else row.display_name)


def preview(sides: BothSides, rows: Sequence[Row]) -> Iterator[Settled]:
    """Yield an import's changes for each row, without making them. Raises OperatorError."""
    exotel = sides.at_exotel()
    with explained():
        for row in rows:
            entry, known = exotel.get(row.name), sides.subscribers.find(sides.sid, row.name)
            changed = wanted_change(row, known, entry, sides.passwords) != Change()
            here = "created" if known is None else "changed" if changed else "unchanged"
            yield Settled(row.name, "existing" if entry else "created", here)
