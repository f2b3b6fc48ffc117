"""The one error that ends a local run."""


class LocalStackError(Exception):
    """The local stack cannot start or continue; the message is one line that says what to do."""
