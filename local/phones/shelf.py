"""Which phone each open phone page is: the first of its user's that no other page holds."""

from dataclasses import dataclass

from local import demo

MOST_PHONES = 10  # of one user
MOST_REMEMBERED = 500  # pages that were open


class NoFreePhoneError(Exception):
    """All phones of the user are open in other pages."""


@dataclass(frozen=True, eq=False)
class Held:
    """A user's phone by its number, held by a page; `page` is an id that the page made up."""

    name: str
    number: int
    page: str

    @property
    def phone(self) -> demo.Phone:
        """The phone's ids."""
        return demo.phone(self.name, self.number)

    @property
    def token(self) -> str:
        """Its push token, which no other phone has."""
        return self.phone.token


class Shelf:
    """The phones that pages hold, by push token. A page that loads again gets the same phone again."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}
        self._last: dict[tuple[str, str], int] = {}

    def take(self, name: str, page: str) -> Held:
        """Return the phone of a page; raises NoFreePhoneError."""
        last = self._last.get((name, page), 0)
        for number in (last, *range(MOST_PHONES)):
            held = Held(name, number, page)
            holder = self._held.get(held.token)
            if holder is None or holder.page == page:
                self._held[held.token] = held
                self._remember(name, page, number)
                return held
        raise NoFreePhoneError(name)

    def give_back(self, held: Held) -> None:
        """Let others take the phone, unless its page has taken it anew."""
        if self._held.get(held.token) is held:
            del self._held[held.token]

    def holder(self, token: str) -> Held | None:
        """Return the page that holds the phone with this push token."""
        return self._held.get(token)

    def known(self, name: str) -> int:
        """Return how many phones of the user have been used so far, the demo's included."""
        taken = [number + 1 for (owner, _), number in self._last.items() if owner == name]
        return max([len(demo.seeded_phones(name)), *taken])

    def held(self) -> list[Held]:
        """Return all that are held."""
        return list(self._held.values())

    def _remember(self, name: str, page: str, number: int) -> None:
        self._last[name, page] = number
        for oldest in list(self._last)[:-MOST_REMEMBERED]:
            del self._last[oldest]
