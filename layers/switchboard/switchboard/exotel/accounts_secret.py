"""The Exotel accounts in AccountsSecret.

Its shape is `{server_key, accounts: {sid: {api_key, api_token, api_host, sdk_host, exophone}}}` (contract 7).
"""

from collections.abc import Mapping
from typing import Any

from switchboard.exotel.accounts import ExotelAccount
from switchboard.foundation.errors import NotConfiguredError
from switchboard.foundation.secret import Secret

_PARTS = ("api_key", "api_token", "api_host", "sdk_host", "exophone")


class SecretAccounts:
    """Implements Accounts; a newly added account is found within seconds."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def find(self, sid: str) -> ExotelAccount | None:
        """Return the account, or None if it is not configured. Raises NotConfiguredError for an incomplete entry."""
        for read in (self._secret.value, self._secret.renewed):
            entry = _object(read().get("accounts", {})).get(sid)
            if entry is not None:
                return _account(sid, _object(entry))
        return None

    def count(self) -> int:
        """Return how many accounts are configured, incomplete entries included."""
        return len(_object(self._secret.value().get("accounts", {})))


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise NotConfiguredError("not_configured", "the accounts secret is malformed: run `switchboard setup`")
    return value


def _account(sid: str, entry: Mapping[str, Any]) -> ExotelAccount:
    """Return the account of a complete entry; an incomplete one raises, as apps crash on null values (contract 4)."""
    lacking = [part for part in _PARTS if not isinstance(entry.get(part), str) or not entry[part]]
    if lacking:
        message = f"the accounts secret lacks {', '.join(lacking)} of an account: run `switchboard setup`"
        raise NotConfiguredError("not_configured", message)
    known = {part: entry[part] for part in _PARTS}
    return ExotelAccount(sid=sid, **known | {"api_host": entry["api_host"].rstrip("/")})
