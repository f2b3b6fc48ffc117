"""The users whom a step erases, found by the words of an item."""

import re
from collections.abc import Sequence

from switchboard.subscribers.erased import ErasedUser

_ESCAPED = re.compile(r"\\+(?:u[0-9a-f]{4}|[bfnrt])")  # in JSON, also in JSON in JSON: no part of a word
_WORD = re.compile(r"[a-z0-9]+")


class DeletedUsers:
    """Users by name, so that their number does not matter to how long it takes to look at an item."""

    def __init__(self, users: Sequence[ErasedUser]) -> None:
        self.all = users
        self._by_word: dict[str, list[ErasedUser]] = {}
        for user in users:
            self._by_word.setdefault(user.name.lower(), []).append(user)

    def named_in(self, text: str) -> Sequence[ErasedUser]:
        """Return those whose name is a word of the text, in any case; whether it means them is seen later."""
        words = set(_WORD.findall(_ESCAPED.sub(" ", text.lower())))
        return [user for word in sorted(self._by_word.keys() & words) for user in self._by_word[word]]
