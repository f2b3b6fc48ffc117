"""Changed: docstrings of clients that say nothing, in place of those that are generated when somebody reads them."""


class _Empty(str):
    """Takes what the real one is made of."""

    __slots__ = ()

    def __new__(cls, **_: object) -> "_Empty":
        """Return an empty text."""
        return super().__new__(cls)


class ClientMethodDocstring(_Empty):
    """Of a client's method."""


class PaginatorDocstring(_Empty):
    """Of a paginator."""


class WaiterDocstring(_Empty):
    """Of a waiter."""
