"""The error that ends a command with one line for the operator; and the exit codes."""

FINE, PROBLEM, UNREACHABLE = 0, 1, 2  # 2 is also the code for wrong usage, as in other commands


class OperatorError(Exception):
    """Its message says what was wrong, with what, and what to do. It never holds a secret."""
