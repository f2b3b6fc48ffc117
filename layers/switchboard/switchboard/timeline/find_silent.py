"""Find a subscriber's phones that are probably dead, by a bounded look into the history (docs/decisions/0100)."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from switchboard.foundation.clock import Clock
from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import UnavailableError
from switchboard.subscribers.subscriber import Device
from switchboard.timeline.ports import SentPushes
from switchboard.timeline.silence import SentPush, confirms, in_vain

NEWEST = 30  # calls, of which ten have to ring the phone
AROUND = 5  # calls before a phone's registration, and as many after it, in which an ack shows that its app sends any
MOST_CALLS = 60  # read in all
SETTLED_MS = 120_000  # a ring time and a minute: an ack comes by then, or counts no more


@dataclass(frozen=True, slots=True)
class FindSilent:
    """Finds the devices whose app has stopped confirming pushes; gives up after `seconds` of `monotonic`."""

    pushes: SentPushes
    clock: Clock
    monotonic: Clock
    seconds: float = math.inf

    def __call__(self, account: str, name: str, devices: Iterable[Device]) -> frozenset[str]:
        """Return the keys of the devices that are probably dead. Errors of the store are raised, and UnavailableError.

        Only a phone whose app has a session can confirm a push. One that was registered just now is alive.
        """
        now = int(self.clock() * 1000)
        until = now - SETTLED_MS
        judged = [device for device in devices if device.phone is not None and device.registered_at <= until]
        if not judged:
            return frozenset()
        look = _Look(self.pushes, account, name, Deadline.after(self.seconds, self.monotonic))
        since = min(device.registered_at for device in judged)
        calls = self.pushes.calls(account, name, since=since, until=until, most=NEWEST)
        last = look.until(calls, lambda found: all(_decided(device, found) for device in judged))
        silent = [device for device in judged if in_vain(device, last)]
        return frozenset(device.key for device in silent if self._confirms(look, device, now))

    def _confirms(self, look: "_Look", device: Device, now: int) -> bool:
        account, name, registered = look.account, look.name, device.registered_at
        before = self.pushes.calls(account, name, since=0, until=registered, most=AROUND)
        after = self.pushes.calls(account, name, since=registered, until=now, most=AROUND, newest=False)
        return confirms(device, look.until([*after, *before], lambda found: confirms(device, found)))


def _decided(device: Device, newest: Sequence[SentPush]) -> bool:
    """Whether older pushes than the newest ones say nothing more about the device."""
    return in_vain(device, newest) is not None or any(push.at < device.registered_at for push in newest)


@dataclass(slots=True)
class _Look:
    """Reads the pushes of calls, at most MOST_CALLS in all and until the deadline."""

    pushes: SentPushes
    account: str
    name: str
    deadline: Deadline
    left: int = MOST_CALLS

    def until(self, calls: Iterable[str], enough: Callable[[Sequence[SentPush]], bool]) -> Sequence[SentPush]:
        """Return the pushes of the calls, read one after the other until that is enough. Raises UnavailableError."""
        found: list[SentPush] = []
        for call in calls:
            if enough(found) or self.left == 0:
                break
            if not self.deadline.rest():
                raise UnavailableError("unavailable", "the Calls table is too slow to look at a user's calls")
            self.left -= 1
            found += self.pushes.of(self.account, self.name, call)
        return found
