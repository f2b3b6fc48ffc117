"""Users who were deleted, and what stands in place of their names in the records of others (docs/decisions/0075)."""

from dataclasses import dataclass
from typing import Self

ERASED = "deleted#"  # no subscriber's name contains a `#`, and no party of a call may
_PSEUDONYM = "deleted:"
_SHOWN = 12  # characters of an erasure's id: enough to distinguish two


@dataclass(frozen=True, slots=True)
class ErasedUser:
    """A deleted user. With `keeps` the records of the user's calls are kept, under a pseudonym.

    `reborn_at` is the generation of the user who has the name now (milliseconds), or None if nobody has it.
    """

    account: str
    name: str
    erasure: str
    keeps: bool = False
    reborn_at: int | None = None

    @property
    def mask(self) -> str:
        """What replaces the name: the same for everybody, or with `keeps` the same for this user only."""
        return f"{_PSEUDONYM}{self.erasure[:_SHOWN]}" if self.keeps else ERASED

    @classmethod
    def of(cls, account: str, name: str, erasure: str, *, keeps: bool, generation: int, now: int | None) -> Self:
        """Return the deleted user of that generation; `now` is that of the profile with the name, if there is one."""
        reborn_at = now if now is not None and now > generation else None
        return cls(account, name, erasure, keeps, reborn_at)

    def was(self, at: int) -> bool:
        """Whether what happened or began at `at` (milliseconds) is this user's, not the next one's of that name."""
        return self.reborn_at is None or at < self.reborn_at


def is_erased(name: str | None) -> bool:
    """Whether it stands in place of a deleted user's name."""
    return name is not None and name.startswith((ERASED, _PSEUDONYM))
