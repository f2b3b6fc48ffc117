"""A clock that moves only when a test moves it."""

from collections.abc import Callable


class FakeClock:
    """Implements ports.clock.Clock and the `sleep` that goes with it."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now
        self._plans: list[tuple[float, Callable[[], None]]] = []

    def __call__(self) -> float:
        return self.now

    def at(self, seconds_from_now: float, action: Callable[[], None]) -> None:
        """Let `action` happen once that much time has passed."""
        self._plans.append((self.now + seconds_from_now, action))

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        due = [plan for plan in self._plans if plan[0] <= self.now]
        self._plans = [plan for plan in self._plans if plan[0] > self.now]
        for _, action in due:
            action()
