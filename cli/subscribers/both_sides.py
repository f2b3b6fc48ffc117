"""Both sides of an account, Exotel's list and our profiles: reading and changing them."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from cli.aws import explained
from cli.errors import OperatorError
from cli.secrets import SecretRead
from cli.subscribers.directory import DirectoryEntry
from cli.subscribers.exotel_directory import ExotelDirectory
from cli.subscribers.patience import Patience
from cli.subscribers.ringing import stop_phones
from cli.target import Target
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.erasure.erasures_dynamodb import DynamoErasures, new_key
from switchboard.exotel.accounts import ExotelAccount
from switchboard.exotel.accounts_secret import SecretAccounts
from switchboard.exotel.bounded_http import BoundedHttp
from switchboard.exotel.client import ExotelApi
from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import NotConfiguredError
from switchboard.login.passwords import Argon2Passwords
from switchboard.provisioning.manage_subscribers import ManageSubscribers
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.subscriber import Status, Subscriber


@dataclass(frozen=True)
class Both:
    """A subscriber on both sides; None on a side without it."""

    name: str
    here: Subscriber | None
    exotel: DirectoryEntry | None

    @property
    def difference(self) -> str:
        """The difference, or ""."""
        if self.exotel is None:
            return "only here"
        if self.here is None:
            return "only at Exotel"
        return "" if self.here.status == self.exotel.status else "status differs"


class BothSides:
    """The two sides of one Exotel account of a deployment, with the operator's own rights."""

    def __init__(self, target: Target, sid: str, patience: Patience) -> None:
        self._target = target
        self.stack = target.stack.name
        self.patience = patience
        self.sid = sid
        self._http = BoundedHttp()
        self.exotel = ExotelDirectory(self._http, time.time)
        self.passwords = Argon2Passwords()
        dynamodb, table = target.client("dynamodb"), target.resource("SubscribersTable")
        self.subscribers = DynamoSubscribers(dynamodb, table)
        self._devices = DynamoDevices(dynamodb, table)
        self._contexts = DynamoCallContexts(dynamodb, target.resource("CallContextsTable"))
        self._erasures = DynamoErasures(dynamodb, target.resource("ErasuresTable"), time.time, new_key)

    @cached_property
    def account(self) -> ExotelAccount:
        """The account's credentials for Exotel. Raises OperatorError."""
        try:
            found = self._accounts.find(self.sid)
        except NotConfiguredError as error:
            raise OperatorError(error.message) from error
        if found is None:
            raise OperatorError(f"the account {self.sid} has no Exotel API key yet: run `switchboard setup`")
        return found

    def ask[T](self, question: Callable[[ExotelAccount, Deadline], T]) -> T:
        """Return Exotel's answer, with retries. Raises OperatorError."""
        return self.patience(lambda deadline: question(self.account, deadline))

    def at_exotel(self) -> Mapping[str, DirectoryEntry]:
        """Return Exotel's whole list by name. Raises OperatorError."""
        found: dict[str, DirectoryEntry] = {}
        offset: int | None = 0
        while offset is not None:
            start = offset
            page = self.ask(lambda account, deadline: self.exotel.page(account, start, deadline))  # noqa: B023 - at once
            found.update((entry.name, entry) for entry in page.entries)
            offset = page.next_offset
        return found

    def everyone(self) -> Iterator[Both]:
        """Yield the subscribers of either side by name. Raises OperatorError."""
        with explained():
            here = {one.name: one for one in self.subscribers.listed(self.sid)}
        exotel = self.at_exotel()
        for name in sorted({*here, *exotel}):
            yield Both(name, here.get(name), exotel.get(name))

    def managing(self, *, known_at_exotel: bool = False) -> ManageSubscribers:
        """Return the API's use case; with `known_at_exotel` it does not create the subscribers at Exotel again."""
        return ManageSubscribers(
            accounts=self._accounts,
            subscribers=self.subscribers,
            devices=self._devices,
            contexts=self._contexts,
            erasures=self._erasures,
            exotel=_CreatedInBulk(self._http, time.time) if known_at_exotel else self.exotel,
            passwords=self.passwords,
            clock=time.time,
            monotonic=time.monotonic,
            new_version=lambda: uuid.uuid4().hex,
            suspended=lambda account, name: stop_phones(self._target, account, name),
        )

    def close(self) -> None:
        """Close the connections to Exotel."""
        self._http.close()

    @cached_property
    def _accounts(self) -> SecretAccounts:
        return SecretAccounts(SecretRead(self._target.secrets.read().configuration.accounts))


class _CreatedInBulk(ExotelApi):
    """Exotel for subscribers just created there in bulk: no further request is needed."""

    def set_status(self, account: ExotelAccount, name: str, status: Status, deadline: Deadline) -> bool:  # noqa: ARG002
        """Return True: the subscriber exists at Exotel with its status."""
        return True
