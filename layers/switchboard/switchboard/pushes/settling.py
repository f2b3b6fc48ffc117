"""Which devices of a delivery are settled: the mark of the last one releases the lease (docs/decisions/0003)."""

from switchboard.subscribers.subscriber import Device


class Settling:
    """An attempt's devices that are marked so far; the mark of the last one releases the lease."""

    def __init__(self, devices: int) -> None:
        self._others = devices - 1
        self._marked: list[str] = []  # appending is atomic: sends run in threads
        self.lease_ended = False

    def is_last(self) -> bool:
        """Whether all other devices are marked, so that nothing remains to be done under the lease after this mark."""
        return len(self._marked) == self._others

    def add(self, device: Device, *, last: bool) -> None:
        """Note that the device's mark is stored."""
        self._marked.append(device.key)
        self.lease_ended = self.lease_ended or last
