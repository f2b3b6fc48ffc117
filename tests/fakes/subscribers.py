"""Subscribers and devices in memory."""

from collections.abc import Sequence
from dataclasses import replace

from switchboard.subscribers.callee import Callee
from switchboard.subscribers.subscriber import Device, Status, Subscriber


class FakeDevices:
    """Implements ports.subscribers.Devices. `profiles` are those of the FakeSubscribers that share it."""

    def __init__(self) -> None:
        self._devices: dict[tuple[str, str], tuple[str, Device]] = {}
        self.profiles: dict[tuple[str, str], Subscriber] = {}
        self.accepted_notes = 0

    def of(self, account: str, name: str) -> Sequence[Device]:
        return [device for (where, _), (owner, device) in self._devices.items() if where == account and owner == name]

    def callee(self, account: str, name: str) -> Callee:
        profile = self.profiles.get((account, name))
        devices = self.of(account, name)
        return Callee(profile.status, profile.session_version, devices) if profile else Callee(None, "", devices)

    def register(self, account: str, name: str, device: Device) -> None:
        self._devices[account, device.key] = (name, device)

    def remove(self, account: str, name: str, key: str, *, registered_at: int | None = None) -> bool:
        found = self._find(account, name, key)
        if found is None or registered_at not in (None, found.registered_at):
            return False
        del self._devices[account, key]
        return True

    def disable(self, account: str, name: str, key: str, reason: str, *, registered_at: int) -> None:
        found = self._find(account, name, key)
        if found is not None and found.registered_at == registered_at:
            self._devices[account, key] = (name, replace(found, disabled_reason=reason))

    def accepted(self, account: str, name: str, device: Device, at: int, *, before: int) -> None:
        self.accepted_notes += 1
        found = self._find(account, name, device.key)
        if found and found.registered_at == device.registered_at and (found.accepted_at or 0) <= before:
            self._devices[account, found.key] = (name, replace(found, accepted_at=at))

    def learned(self, account: str, name: str, device: Device) -> None:
        found = self._find(account, name, device.key)
        if found and found.registered_at == device.registered_at:
            known = replace(found, token_type=device.token_type, environment=device.environment, guessed=device.guessed)
            self._devices[account, found.key] = (name, known)

    def _find(self, account: str, name: str, key: str) -> Device | None:
        owner, device = self._devices.get((account, key), (None, None))
        return device if owner == name else None


class FakeSubscribers:
    """Implements ports.subscribers.Profiles; shares a FakeDevices, since a subscriber is deleted with its devices."""

    def __init__(self, devices: FakeDevices | None = None) -> None:
        self._devices = devices or FakeDevices()
        self._profiles = self._devices.profiles

    def status(self, account: str, name: str) -> Status | None:
        found = self._profiles.get((account, name))
        return found.status if found else None

    def find(self, account: str, name: str) -> Subscriber | None:
        return self._profiles.get((account, name))

    def glance(self, account: str, name: str) -> Subscriber | None:
        return self.find(account, name)

    def display_name(self, account: str, name: str) -> str | None:
        found = self.find(account, name)
        return found.display_name if found else None

    def put(self, subscriber: Subscriber) -> None:
        self._profiles[subscriber.account, subscriber.name] = subscriber

    def replace(self, seen: Subscriber | None, subscriber: Subscriber) -> bool:
        if self._profiles.get((subscriber.account, subscriber.name)) != seen:
            return False
        self.put(subscriber)
        return True

    def delete(self, account: str, name: str, generation: int) -> None:
        found = self._profiles.get((account, name))
        if found and found.generation == generation:
            del self._profiles[account, name]
        for device in self._devices.of(account, name):
            self._devices.remove(account, name, device.key)

    def everyone(self, account: str, limit: int) -> Sequence[Subscriber]:
        profiles = sorted(self._profiles.items())
        return [found for (where, _), found in profiles if where == account and found.active][:limit]
