"""Takes deleted users out of the items of the CallContexts table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from switchboard.aws.attributes import values_in
from switchboard.aws.edits import Edit, deleted_if, without_if

if TYPE_CHECKING:
    from switchboard.aws.attributes import Item, Plain
    from switchboard.subscribers.erased import ErasedUser

CONTEXTS = "call_contexts"
# The parts of an item that name a callee: the context and three answers of Dial Whom, each with the time that it is of.
_CONTEXT = ("callee", "set_at", ["callee", "message", "set_at", "caller_name"])
_OF_ANSWER = ("call", "callee", "at", "route", "waited_ms", "set_at")
_ANSWERS = [
    (f"{answer}_callee", f"{answer}_at", [f"{answer}_{part}" for part in _OF_ANSWER])
    for answer in ("answered", "asked", "previous")
]
_TIMES = ("set_at", "answered_at", "asked_at", "previous_at", "ended_at")


def edits_of(item: Item, users: Sequence[ErasedUser]) -> Iterator[tuple[ErasedUser, str, Edit]]:
    """Yield what takes users out of an item: their own context, or the parts of another's that name them.

    What is written for several users at once is the first one's, and the others' edits are empty.
    """
    values, (account, _, caller) = values_in(item), item["pk"]["S"].partition("#")
    users = [user for user in users if user.account == account]
    whose = next((user for user in users if user.name == caller), None)
    if whose:
        if all(whose.was(values[time]) for time in _TIMES if values.get(time) is not None):
            yield whose, CONTEXTS, deleted_if(item, "expires_at = :seen", {":seen": values["expires_at"]})
        return
    named: dict[ErasedUser, Edit] = {}
    gone: list[str] = []
    same: dict[str, Plain] = {}
    for callee, at, attributes in (_CONTEXT, *_ANSWERS):
        for user in users:
            if values.get(callee) == user.name and user.was(values[at]):
                gone += [attribute for attribute in attributes if attribute in values]
                same |= {callee: user.name, at: values[at]}
                named[user] = Edit()
    if named:
        condition = " AND ".join(f"{name} = :{name}" for name in same)
        edit = without_if(item, gone, condition, {f":{name}": value for name, value in same.items()})
        named[next(iter(named))] = edit
    yield from ((user, CONTEXTS, edit) for user, edit in named.items())
