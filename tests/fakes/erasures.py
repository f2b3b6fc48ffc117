"""Erasures that are only begun, and the users who were deleted."""

from collections.abc import Iterable, Sequence

from switchboard.subscribers.erased import ErasedUser


class FakeErasures:
    """Implements ports.Erasures: an erasure for each account, name and generation."""

    def __init__(self) -> None:
        self.begun: dict[tuple[str, str, int], bool] = {}

    def begin(self, account: str, name: str, generation: int, *, keeps: bool) -> str:
        self.begun[account, name, generation] = keeps
        return f"erasure of {name} {generation}"


class FakeErasedUsers:
    """Implements ErasedUsers, of one account; `deleted` are known from the next renewal on."""

    def __init__(self) -> None:
        self.deleted: list[ErasedUser] = []
        self._known: list[ErasedUser] = []

    def renew(self) -> bool:
        before, self._known = self._known, list(self.deleted)
        return self._known != before

    def of(self, account: str, names: Iterable[str]) -> Sequence[ErasedUser]:
        wanted = set(names)
        return [user for user in self._known if (user.account, user.name) in {(account, name) for name in wanted}]
