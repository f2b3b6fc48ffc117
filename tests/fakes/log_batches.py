"""Batches of log lines in memory."""


class FakeLogBatches:
    """Implements ports.logs.LogBatches."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, key: str, content: bytes) -> None:
        self.kept[key] = content
