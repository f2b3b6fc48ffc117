"""The Exotel accounts in AccountsSecret.

Its shape is `{server_key, accounts: {sid: {api_key, api_token, api_host, sdk_host, exophone}}}` (contract 7).
"""

from collections.abc import Mapping
from typing import Any, Protocol

from switchboard.domain.accounts import ExotelAccount
from switchboard.domain.errors import NotConfiguredError


class Secret(Protocol):
    """A JSON secret, cached."""

    def value(self) -> Mapping[str, Any]:
        """Return it, from the cache where that is fresh."""
        ...

    def renewed(self) -> Mapping[str, Any]:
        """Return it as it is now, unless it was read a moment ago."""
        ...


class SecretAccounts:
    """Implements identity_ports.Accounts; an account that was just added is found within seconds."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def find(self, sid: str) -> ExotelAccount | None:
        """Return the account, or None for one that is not configured. Raises NotConfiguredError for half an entry."""
        for read in (self._secret.value, self._secret.renewed):
            entry = read().get("accounts", {}).get(sid)
            if entry is not None:
                return _account(sid, entry)
        return None


def _account(sid: str, entry: Mapping[str, str]) -> ExotelAccount:
    try:
        return ExotelAccount(
            sid=sid,
            api_key=entry["api_key"],
            api_token=entry["api_token"],
            api_host=entry["api_host"].rstrip("/"),
            sdk_host=entry["sdk_host"],
            exophone=entry["exophone"],
        )
    except KeyError as missing:
        message = f"the accounts secret lacks {missing} of an account: run `switchboard setup`"
        raise NotConfiguredError("not_configured", message) from None
