"""The customer's server: one key for the deployment, sent as `Authorization: Bearer`; and who else may do the same."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from switchboard.foundation.errors import NotConfiguredError, UnauthorizedError
from switchboard.login.sessions import UserGate
from switchboard.web.request import Request


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
        if not self.admits(request):
            raise UnauthorizedError("wrong_server_key", "send the server key as Authorization: Bearer")

    def admits(self, request: Request) -> bool:
        """Return whether the request bears the server key. Raises NotConfiguredError."""
        request.notes |= {"account": request.path("accountSid"), "subscriber": request.path("name")}
        sent = request.bearer().encode()
        return any(
            hmac.compare_digest(sent, _key(read()).encode()) for read in (self._secret.value, self._secret.renewed)
        )


@dataclass(frozen=True, slots=True)
class OwnerGate:
    """Lets in the user whose name is in the path, with a session, and the customer's server; StockApps opens no way."""

    users: UserGate
    server: ServerGate

    def prepare(self) -> None:
        """Read both keys, so that the first request need not wait for them."""
        self.users.prepare()
        self.server.prepare()

    def admit(self, request: Request) -> None:
        """Return if the request may go on. Raises UnauthorizedError, ForbiddenError, NotConfiguredError."""
        ours = self.users.tokens.read(request.bearer()) is not None
        if ours or not self.server.admits(request):
            self.users.admit(request, stock=False)


def _key(secret: Mapping[str, Any]) -> str:
    key = secret.get("server_key")
    if not isinstance(key, str) or not key:
        raise NotConfiguredError("not_configured", "the accounts secret has no server_key: run `switchboard setup`")
    return key
