"""Managing subscribers with fakes for everything outside the use case."""

from dataclasses import replace

from switchboard.foundation.errors import UpstreamError
from switchboard.provisioning.manage_subscribers import Change, ManageSubscribers
from switchboard.subscribers.subscriber import Status, Subscriber
from tests.fakes.call_contexts import FakeCallContexts
from tests.fakes.erasures import FakeErasures
from tests.fakes.identity import FakeAccounts, FakeExotel, FakePasswords
from tests.fakes.subscribers import FakeDevices, FakeSubscribers

DOWN = UpstreamError("exotel_unavailable", "down")


class Bench:
    def __init__(self) -> None:
        self.devices = FakeDevices()
        self.subscribers = FakeSubscribers(self.devices)
        self.contexts = FakeCallContexts()
        self.erasures = FakeErasures()
        self.exotel = FakeExotel()
        self.now = 1000.0
        self.suspended: list[tuple[str, str]] = []
        self.devices_at_suspension: list[int] = []
        versions = iter(f"v{number}" for number in range(1, 100))
        self.manage = ManageSubscribers(
            accounts=FakeAccounts("demo1m", "other1m"),
            subscribers=self.subscribers,
            devices=self.devices,
            contexts=self.contexts,
            erasures=self.erasures,
            exotel=self.exotel,
            passwords=FakePasswords(),
            clock=lambda: self.now,
            monotonic=lambda: 5.0,
            new_version=lambda: next(versions),
            suspended=self.note_suspension,
        )

    def note_suspension(self, account: str, name: str) -> None:
        self.suspended.append((account, name))
        self.devices_at_suspension.append(len(self.devices.of(account, name)))

    def put(self, **change: object) -> Subscriber:
        return self.manage.put("demo1m", "alice", Change(**change))[0]  # type: ignore[arg-type]

    def stored(self) -> Subscriber:
        found = self.subscribers.find("demo1m", "alice")
        assert found is not None
        return found


class BusySubscribers(FakeSubscribers):
    """Another client changes the profile each time, between our read and our write."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self._times = times

    def replace(self, seen: Subscriber | None, subscriber: Subscriber) -> bool:
        if self._times and seen:
            self._times -= 1
            self.put(replace(seen, status=Status.INACTIVE, updated_at=seen.updated_at + 1))
        return super().replace(seen, subscriber)
