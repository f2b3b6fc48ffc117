"""Exotel's credentials: Basic for each account, or an unguessable path where URL credentials do not survive."""

import base64
import binascii
import hmac
import ipaddress
from collections.abc import Mapping
from typing import Any, Protocol

from switchboard.domain.errors import ForbiddenError, SwitchboardError, UnauthorizedError
from switchboard.edge.metrics import WEBHOOK_REFUSED, emit
from switchboard.edge.request import Request

_NOBODY = {"user": "\0", "password": "\0", "path": "\0"}  # no header and no URL can hold a NUL


class Credentials(Protocol):
    """The WebhookSecret: `{account: {user, password, path, outgoing_phone_number?}}`."""

    def value(self) -> Mapping[str, Any]:
        """Return it, from the cache where that is fresh."""
        ...

    def renewed(self) -> Mapping[str, Any]:
        """Return it as it is now, unless it was read a moment ago."""
        ...


class WebhookGate:
    """Lets Exotel in, and nobody else. `addresses` is comma-separated CIDRs; none lets every address try."""

    def __init__(self, credentials: Credentials, addresses: str) -> None:
        self._credentials = credentials
        self._networks = [ipaddress.ip_network(cidr.strip()) for cidr in addresses.split(",") if cidr.strip()]

    def admit(self, request: Request) -> tuple[str, Mapping[str, Any]]:
        """Return the account and its entry in the secret.

        Raises ForbiddenError, UnauthorizedError, NotConfiguredError.
        """
        if self._networks and not self._expected(request.source_address):
            raise _counted(
                ForbiddenError("address_not_allowed", "requests from this address are not allowed: see ExotelAddresses")
            )
        account = request.path("accountSid")
        for read in (self._credentials.value, self._credentials.renewed):
            entry = read().get(account, _NOBODY)
            if _proved(entry, request) and entry is not _NOBODY:
                request.notes["account"] = account
                return account, entry
        raise _counted(
            UnauthorizedError(
                "wrong_credentials", "the credentials are not this account's: see the output of switchboard setup"
            )
        )

    def _expected(self, address: str) -> bool:
        try:
            source = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(source in network for network in self._networks)


def _counted(refusal: SwitchboardError) -> SwitchboardError:
    emit({WEBHOOK_REFUSED: 1}, outcome=refusal.code)
    return refusal


def _proved(entry: Mapping[str, Any], request: Request) -> bool:
    """Compare whole credentials in constant time."""
    if "{secret}" in request.route:
        return _same(request.path("secret"), str(entry["path"]))
    return _same(_basic(request.header("authorization")), f"{entry['user']}:{entry['password']}")


def _basic(header: str) -> str:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
