"""Checks the server key, which the customer's server sends as `Authorization: Bearer`."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from switchboard.foundation.errors import NotConfiguredError, UnauthorizedError
from switchboard.foundation.secret import Secret
from switchboard.login.sessions import UserGate
from switchboard.web.request import Request


class ServerGate:
    """Admits requests with the server key only, the AccountsSecret's `server_key`, whatever StockApps is."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def prepare(self) -> None:
        """Read the key, so that the first request need not wait for it."""
        self._secret.value()

    def admit(self, request: Request) -> None:
        """Return if the request has the server key. Raises UnauthorizedError, NotConfiguredError."""
        if not self.admits(request):
            raise UnauthorizedError("wrong_server_key", "send the server key as Authorization: Bearer")

    def admits(self, request: Request) -> bool:
        """Return whether the request has the server key. Raises NotConfiguredError."""
        request.notes |= {"account": request.path("accountSid"), "subscriber": request.path("name")}
        sent = request.bearer().encode()
        return any(
            hmac.compare_digest(sent, _key(read()).encode()) for read in (self._secret.value, self._secret.renewed)
        )


@dataclass(frozen=True, slots=True)
class OwnerGate:
    """Admits the subscriber in the path, by session, and the customer's server, by key; never a stock app."""

    users: UserGate
    server: ServerGate

    def prepare(self) -> None:
        """Read both keys, so that the first request need not wait for them."""
        self.users.prepare()
        self.server.prepare()

    def admit(self, request: Request) -> None:
        """Return if the request is permitted. Raises UnauthorizedError, ForbiddenError, NotConfiguredError."""
        ours = self.users.tokens.read(request.bearer()) is not None
        if ours or not self.server.admits(request):
            self.users.admit(request, stock=False)


def _key(secret: Mapping[str, Any]) -> str:
    key = secret.get("server_key")
    if not isinstance(key, str) or not key:
        raise NotConfiguredError("not_configured", "the accounts secret has no server_key: run `switchboard setup`")
    return key
