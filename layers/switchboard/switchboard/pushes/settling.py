"""Which devices of a delivery are settled: the mark of the last one releases the lease (docs/decisions/0003)."""

from collections.abc import Collection

from switchboard.subscribers.subscriber import Device


class Settling:
    """An attempt's phones that are settled so far; the mark of the last one releases the lease.

    `alone` are the keys of devices that are their phone's only one.
    """

    def __init__(self, phones: int, alone: Collection[str]) -> None:
        self._others = phones - 1
        self._alone = alone
        self._marked: list[str] = []  # appending is atomic: sends run in threads
        self.lease_ended = False
        self.over = False  # whether a mark has shown that the push's call is over

    def is_alone(self, device: Device) -> bool:
        """Whether the device is its phone's only one: a mark of it settles the phone."""
        return device.key in self._alone

    def is_last(self) -> bool:
        """Whether all other phones are settled, so that nothing remains to be done under the lease after this mark."""
        return len(self._marked) == self._others

    def add(self, device: Device, *, last: bool) -> None:
        """Note that the device's mark is stored."""
        self._marked.append(device.key)
        self.lease_ended = self.lease_ended or last
