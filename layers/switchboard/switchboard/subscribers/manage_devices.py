"""An app's requests besides calls: device registration and contacts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from switchboard.foundation.clock import Clock
from switchboard.foundation.errors import NotFoundError
from switchboard.subscribers.callee import Callee
from switchboard.subscribers.devices import described, needs_learning, superseded, valid_token, with_learned
from switchboard.subscribers.ports import Devices, Subscribers
from switchboard.subscribers.status import LONGEST_SID
from switchboard.subscribers.subscriber import (
    Contact,
    ContactGroup,
    Device,
    Environment,
    Platform,
    TokenType,
    possible_name,
    token_key,
)

MOST_CONTACTS = 200  # what `Contacts=everyone` shows at most
EVERYONE = "Everyone"


@dataclass(frozen=True, slots=True)
class DevicesOf:
    """Registers, shows, removes a subscriber's phones. `hex_tokens` is what an unnamed hex token is taken for."""

    devices: Devices
    clock: Clock
    hex_tokens: TokenType = TokenType.APNS_VOIP

    def register(
        self,
        account: str,
        name: str,
        token: str,
        *,
        platform: Platform | None = None,
        token_type: TokenType | None = None,
        device_id: str | None = None,
        environment: Environment | None = None,
        bundle_id: str | None = None,
        knows: Sequence[str] = (),
        phone: str | None = None,
        session_version: str,
    ) -> Device:
        """Register the token for `name`, and for no other subscriber of the account. Raises InvalidFieldError.

        It gets pushes until `phone` (a phone_key) logs out or the subscriber's session version changes from
        `session_version`.
        """
        now_ms = int(self.clock() * 1000)
        device = described(
            token,
            now_ms,
            platform=platform,
            token_type=token_type,
            device_id=device_id,
            environment=environment,
            bundle_id=bundle_id,
            hex_tokens=self.hex_tokens,
            knows=knows,
        )
        device = replace(device, phone=phone, session_version=session_version)
        if needs_learning(device):
            device = with_learned(device, self.devices.of(account, name))
        self.devices.register(account, name, device)
        for older in superseded(self.devices.of(account, name), device):
            self.devices.remove(account, name, older.key, registered_at=older.registered_at)
        return device

    def remove(self, account: str, name: str, token: str) -> bool:
        """Remove the device with that token; return whether there was one. Raises InvalidFieldError."""
        return self.devices.remove(account, name, token_key(valid_token(token)))

    def callee(self, account: str, name: str) -> Callee:
        """Return the subscriber with all devices, disabled ones included. Raises NotFoundError."""
        possible = len(account) <= LONGEST_SID and possible_name(name)
        found = self.devices.callee(account, name) if possible else None
        if found is None or found.status is None:
            raise NotFoundError("unknown_subscriber", "there is no such subscriber")
        return found

    def remove_key(self, account: str, name: str, key: str) -> None:
        """Remove the device with that key. Raises NotFoundError."""
        if key not in {device.key for device in self.callee(account, name).devices}:
            raise NotFoundError("unknown_device", "the subscriber has no device with that deviceKey: see GET S/devices")
        self.devices.remove(account, name, key)


@dataclass(frozen=True, slots=True)
class ContactsOf:
    """The contact list of an app: what the operator stored, or with `everyone` all subscribers of the account."""

    subscribers: Subscribers
    everyone: bool

    def groups(self, account: str, name: str) -> Sequence[ContactGroup]:
        """Return the contact groups; with `everyone`, one group of at most MOST_CONTACTS other active subscribers."""
        if self.everyone:
            return [ContactGroup(EVERYONE, self._others(account, name))]
        subscriber = self.subscribers.find(account, name)
        return (subscriber.contact_groups or ()) if subscriber else ()

    def _others(self, account: str, name: str) -> tuple[Contact, ...]:
        found = self.subscribers.everyone(account, MOST_CONTACTS + 1)
        others = [Contact(other.display_name, other.name) for other in found if other.name != name]
        return tuple(others[:MOST_CONTACTS])
