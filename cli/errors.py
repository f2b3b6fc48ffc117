"""What an operator is told, in one line, when a command cannot go on."""


class OperatorError(Exception):
    """Says what was wrong, with what, and what to do. It never holds a secret."""
