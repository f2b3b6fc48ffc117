"""Batches of log lines, and how many are let through, in memory."""


class FakeLogBatches:
    """Implements log_ports.LogBatches."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, key: str, content: bytes) -> None:
        self.kept[key] = content


class FakeLogRate:
    """Implements log_ports.RateLimit."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, str, int], int] = {}

    def take(self, account: str, name: str, at_most: int, window: int, expires_at: int) -> bool:
        taken = self._taken.get((account, name, window), 0)
        self._taken[account, name, window] = min(taken + 1, at_most)
        return taken < at_most
