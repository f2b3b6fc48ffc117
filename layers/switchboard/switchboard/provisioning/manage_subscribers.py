"""Create, change, read and delete subscribers for the customer's server, here and at Exotel."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from switchboard.calls.ports import CallContexts
from switchboard.erasure.ports import Erasures
from switchboard.exotel.accounts import ExotelAccount
from switchboard.exotel.ports import Accounts, Exotel
from switchboard.foundation.clock import Clock
from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import InvalidFieldError, NotFoundError, UnavailableError
from switchboard.login.ports import Passwords
from switchboard.subscribers.ports import Devices, Profiles
from switchboard.subscribers.subscriber import ContactGroup, Status, Subscriber, new_subscriber, valid_name

UPSTREAM_SECONDS = 6.0  # for all requests to Exotel
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a subscriber; fields that are None stay unchanged."""

    password: str | None = None
    display_name: str | None = None
    status: Status | None = None
    contact_groups: tuple[ContactGroup, ...] | None = None


@dataclass(frozen=True, slots=True)
class ManageSubscribers:
    """Keeps our profiles and Exotel's subscribers in sync.

    `suspended` is called with account and name as soon as a suspension is stored; it must not raise.
    """

    accounts: Accounts
    subscribers: Profiles
    devices: Devices
    contexts: CallContexts
    erasures: Erasures
    exotel: Exotel
    passwords: Passwords
    clock: Clock
    monotonic: Clock
    new_version: Callable[[], str]
    suspended: Callable[[str, str], None]

    def get(self, account_sid: str, name: str) -> tuple[Subscriber, int]:
        """Return the profile and the number of its devices. Raises NotFoundError."""
        subscriber = self._existing(self._account(account_sid), name)
        return subscriber, len(self.devices.of(account_sid, name))

    def put(self, account_sid: str, name: str, change: Change) -> tuple[Subscriber, int, bool]:
        """Create or change the subscriber; return the profile, the number of its devices, and whether it is new.

        A suspension is stored before Exotel is called, so it takes effect even if Exotel is down; an activation is sent
        to Exotel first. Raises NotFoundError for an account that is not configured, InvalidFieldError for a name that
        Exotel does not accept, and the errors of the Exotel port.
        """
        account, deadline = self._account(account_sid), self._deadline()
        known = self.subscribers.find(account_sid, valid_name(name))
        status = change.status or (Status.ACTIVE if known is None else None)
        if status is Status.ACTIVE:
            self._tell_exotel(account, name, status, deadline)
        after = self._store(account_sid, name, change)
        if not after.active:
            self.suspended(account_sid, name)
            self.contexts.delete(account_sid, name)
        if status is Status.INACTIVE:
            self._tell_exotel(account, name, status, deadline)
        return after, len(self.devices.of(account_sid, name)), known is None

    def delete(self, account_sid: str, name: str, *, pseudonymise: bool = False) -> str:
        """Delete the subscriber here and at Exotel, and have all that is stored of the user erased in the background.

        Return the id of the erasure. With `pseudonymise` the records of calls are kept without the name. The profile
        is suspended first and goes last, so that there is no access if Exotel or a store fails, and the request can be
        repeated. Raises NotFoundError, and the errors of the Exotel port.
        """
        account, deadline = self._account(account_sid), self._deadline()
        self._existing(account, name)
        suspended = self._store(account_sid, name, Change(status=Status.INACTIVE))
        self.suspended(account_sid, name)
        self.contexts.delete(account_sid, name)
        self.exotel.delete(account, name, deadline)
        erasure = self.erasures.begin(account_sid, name, suspended.generation, keeps=pseudonymise)
        self.subscribers.delete(account_sid, name, suspended.generation)
        return erasure

    def _account(self, sid: str) -> ExotelAccount:
        account = self.accounts.find(sid)
        if account is None:
            raise NotFoundError("unknown_account", "this account is not configured: run `switchboard setup --account`")
        return account

    def _existing(self, account: ExotelAccount, name: str) -> Subscriber:
        try:
            found = self.subscribers.find(account.sid, valid_name(name))
        except InvalidFieldError:
            found = None
        if found is None:
            raise NotFoundError("unknown_subscriber", "there is no such subscriber")
        return found

    def _store(self, account_sid: str, name: str, change: Change) -> Subscriber:
        """Apply the change to the current profile; repeat that after a concurrent change."""
        password_hash = self.passwords.hash(change.password) if change.password is not None else None
        for _ in range(_TRIES):
            known = self.subscribers.find(account_sid, name)
            after = self._changed(known or self._fresh(account_sid, name), change, password_hash)
            if self.subscribers.replace(known, after):
                return after
        raise UnavailableError("busy", "other requests are changing the subscriber: try again", retry_after=1)

    def _fresh(self, account_sid: str, name: str) -> Subscriber:
        return new_subscriber(account_sid, name, self.new_version(), self.clock())

    def _changed(self, subscriber: Subscriber, change: Change, password_hash: str | None) -> Subscriber:
        """Return the changed profile; a new password or a suspension ends all sessions."""
        ends_sessions = password_hash is not None or change.status is Status.INACTIVE
        groups = subscriber.contact_groups if change.contact_groups is None else change.contact_groups
        return replace(
            subscriber,
            status=change.status or subscriber.status,
            session_version=self.new_version() if ends_sessions else subscriber.session_version,
            display_name=change.display_name or subscriber.display_name,
            updated_at=int(self.clock()),
            password_hash=password_hash or subscriber.password_hash,
            contact_groups=groups,
        )

    def _tell_exotel(self, account: ExotelAccount, name: str, status: Status, deadline: Deadline) -> None:
        if self.exotel.set_status(account, name, status, deadline):
            return
        self.exotel.create(account, name, deadline)  # active
        if status is Status.INACTIVE:
            self.exotel.set_status(account, name, status, deadline)

    def _deadline(self) -> Deadline:
        return Deadline.after(UPSTREAM_SECONDS, self.monotonic)
