"""What an operator is told, in one line, when a command cannot go on; and the exit codes."""

FINE, PROBLEM, UNREACHABLE = 0, 1, 2  # 2 also stands for a command line that makes no sense, as everywhere


class OperatorError(Exception):
    """Says what was wrong, with what, and what to do. It never holds a secret."""
