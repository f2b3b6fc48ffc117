"""Changed: empty docstrings for clients, in place of botocore's generated ones."""


class _Empty(str):
    """An empty docstring; accepts the arguments of botocore's class."""

    __slots__ = ()

    def __new__(cls, **_: object) -> "_Empty":
        """Return an empty text."""
        return super().__new__(cls)


class ClientMethodDocstring(_Empty):
    """The docstring of a client's method."""


class PaginatorDocstring(_Empty):
    """The docstring of a paginator."""


class WaiterDocstring(_Empty):
    """The docstring of a waiter."""
