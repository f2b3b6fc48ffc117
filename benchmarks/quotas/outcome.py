"""The outcome of the calls of a burst."""

from dataclasses import dataclass


@dataclass
class Outcome:
    """What became of the calls, in numbers of calls, a minute after the last of them was over."""

    calls: int = 0
    not_connected: float = 0.0  # the context or Dial Whom was refused
    refused: float = 0.0  # pushes, by the API or for lack of room: Exotel is told so
    rang: float = 0.0
    stale: float = 0.0  # pushes that came out of the queue after the ring time
    over_quota: float = 0.0  # of FCM, whose minute is longer than a phone rings
    waiting: float = 0.0  # pushes still in the queue, long stale
    told: float = 0.0  # batches' parts about one call, by the streams
    unread: float = 0.0  # of them

    @property
    def missed(self) -> float:
        """Return the share of calls whose phone did not ring in time."""
        return max(0.0, 1 - self.rang / self.calls) if self.calls else 0.0

    @property
    def behind(self) -> float:
        """Return the share of what the streams told that histories do not follow yet."""
        return self.unread / self.told if self.told else 0.0
