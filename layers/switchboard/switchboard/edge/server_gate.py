"""The customer's server: one key for the deployment, sent as `Authorization: Bearer`."""

import hmac
from collections.abc import Mapping
from typing import Any, Protocol

from switchboard.domain.errors import NotConfiguredError, UnauthorizedError
from switchboard.edge.request import Request


class Secret(Protocol):
    """The AccountsSecret, cached; `server_key` is the customer's server's."""

    def value(self) -> Mapping[str, Any]:
        """Return it, from the cache where that is fresh."""
        ...

    def renewed(self) -> Mapping[str, Any]:
        """Return it as it is now, unless it was read a moment ago."""
        ...


class ServerGate:
    """Lets the customer's server in, and nobody else, whatever StockApps says."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def prepare(self) -> None:
        """Read the key, so that the first request need not wait for it."""
        self._secret.value()

    def admit(self, request: Request) -> None:
        """Return if the request bears the server key. Raises UnauthorizedError, NotConfiguredError."""
        request.notes |= {"account": request.path("accountSid"), "subscriber": request.path("name")}
        for read in (self._secret.value, self._secret.renewed):
            if hmac.compare_digest(request.bearer().encode(), _key(read()).encode()):
                return
        raise UnauthorizedError("wrong_server_key", "send the server key as Authorization: Bearer")


def _key(secret: Mapping[str, Any]) -> str:
    key = secret.get("server_key")
    if not isinstance(key, str) or not key:
        raise NotConfiguredError("not_configured", "the accounts secret has no server_key: run `switchboard setup`")
    return key
