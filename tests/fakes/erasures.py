"""Erasures that are only begun."""


class FakeErasures:
    """Implements ports.Erasures: an erasure for each account, name and generation."""

    def __init__(self) -> None:
        self.begun: dict[tuple[str, str, int], bool] = {}

    def begin(self, account: str, name: str, generation: int, *, keeps: bool) -> str:
        self.begun[account, name, generation] = keeps
        return f"erasure of {name} {generation}"
