"""Suspends, activates and deletes single subscribers on both sides."""

from collections.abc import Callable, Iterator, Sequence

from cli.aws import explained
from cli.errors import OperatorError
from cli.subscribers.both_sides import BothSides
from switchboard.provisioning.manage_subscribers import Change
from switchboard.subscribers.subscriber import Status

NOBODY = "there is no such subscriber, neither here nor at Exotel"

type Verdict = tuple[str, str]  # a name, and why it failed or ""


def set_status(sides: BothSides, names: Sequence[str], status: Status) -> Iterator[Verdict]:
    """Set each subscriber's status on the sides that have it, and yield the result."""
    manage = sides.managing()

    def change(name: str) -> bool:
        if sides.subscribers.find(sides.sid, name) is None:
            return sides.ask(lambda account, deadline: sides.exotel.set_status(account, name, status, deadline))
        sides.patience(lambda _: manage.put(sides.sid, name, Change(status=status)))
        return True

    return _each(names, change)


def delete(sides: BothSides, names: Sequence[str], *, pseudonymise: bool) -> Iterator[Verdict]:
    """Delete each subscriber on the sides that have it, have the rest erased, and yield the result."""
    manage = sides.managing()

    def remove(name: str) -> bool:
        if sides.subscribers.find(sides.sid, name) is None:
            return sides.ask(lambda account, deadline: sides.exotel.delete(account, name, deadline))
        sides.patience(lambda _: manage.delete(sides.sid, name, pseudonymise=pseudonymise))
        return True

    return _each(names, remove)


def _each(names: Sequence[str], work: Callable[[str], bool]) -> Iterator[Verdict]:
    for name in names:
        try:
            with explained():
                yield name, "" if work(name) else NOBODY
        except OperatorError as error:
            yield name, str(error)
