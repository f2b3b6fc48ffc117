"""`switchboard setup`: works out the new content of the secrets from the present one and the operator's wishes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cli import checks, credentials
from cli.apns_fields import ApnsWishes
from cli.configuration import Configuration
from cli.errors import OperatorError
from cli.fields import FIELDS, Field
from cli.questions import Questions


class Rotated(StrEnum):
    """The credentials that can be rotated; the present ones stop working within minutes."""

    WEBHOOKS = "webhooks"
    SERVER_KEY = "server-key"


@dataclass(frozen=True)
class Wishes:
    """The values from options and environment variables. `values` are by field key; `fcm` is a file's path.

    With `own_app`, `fcm` and `apns` are for this account alone; else for all accounts that have none of their own.
    """

    account: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    fcm: str | None = None
    rotate: frozenset[Rotated] = frozenset()
    apns: ApnsWishes = field(default_factory=ApnsWishes)
    own_app: bool = False

    def __bool__(self) -> bool:
        """Whether they hold a change; if not, the operator is asked for one."""
        return bool(self.values or self.fcm or self.rotate or self.apns)


@dataclass(frozen=True)
class Setup:
    """Works out the content of the secrets; writes nothing."""

    present: Configuration
    wishes: Wishes
    questions: Questions

    def account(self) -> str:
        """Return the account to set up. Raises OperatorError."""
        if self.wishes.account is None:
            return self.questions.account(self.present.sids)
        return _valid("--account", checks.account_sid, self.wishes.account)

    def wanted(self, sid: str) -> Configuration:
        """Return the new content of the secrets. Raises OperatorError."""
        missing = not all(one.optional or self._present(one, sid) for one in FIELDS)
        review = not missing and not self.wishes and self.questions.agrees("Change any of it?")
        values = {one.key: self._value(one, self._present(one, sid), missing=missing, review=review) for one in FIELDS}
        wanted = self.present.with_account(
            sid,
            dict(self.present.account(sid)) | {one.key: values[one.key] for one in FIELDS if not one.webhook},
            _filled(self._webhooks(sid) | {one.key: values[one.key] for one in FIELDS if one.webhook}),
        ).with_server_key(self._server_key())
        owner = sid if self.wishes.own_app else None
        service_account = self._service_account(review=review)
        if service_account:
            wanted = wanted.with_app(owner, "fcm", service_account)
        if self.wishes.apns:
            wanted = wanted.with_app(owner, "apns", self.wishes.apns.wanted(self.present.app(owner, "apns")))
        return wanted

    def _present(self, one: Field, sid: str) -> str:
        entry = self.present.webhooks(sid) if one.webhook else self.present.account(sid)
        return str(entry.get(one.key, ""))

    def _value(self, one: Field, present: str, *, missing: bool, review: bool) -> str:
        given = self.wishes.values.get(one.key)
        if given is not None:
            return _valid(one.option, one.checked, given)
        return self.questions.value(one, present) if review or (missing and not present) else present

    def _webhooks(self, sid: str) -> dict[str, str]:
        present, fresh = _filled(self.present.webhooks(sid)), credentials.webhook()
        return {**present, **fresh} if Rotated.WEBHOOKS in self.wishes.rotate else {**fresh, **present}

    def _server_key(self) -> str:
        rotated = Rotated.SERVER_KEY in self.wishes.rotate or not self.present.server_key
        return credentials.server_key() if rotated else self.present.server_key

    def _service_account(self, *, review: bool) -> Mapping[str, Any]:
        if self.wishes.fcm is not None:
            return _valid("--fcm", checks.service_account, self.wishes.fcm)
        unset = not self.present.fcm and not self.wishes.apns
        return self.questions.service_account() if review or unset else {}


def _filled(entry: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in entry.items() if value}


def _valid[T](option: str, check: Callable[[str], T], text: str) -> T:
    try:
        return check(text)
    except ValueError as error:
        raise OperatorError(f"{option}: {error}") from None
