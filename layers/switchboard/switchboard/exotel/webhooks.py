"""Checks Exotel's credentials: Basic per account, or a secret path where Exotel drops credentials from the URL."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from switchboard.foundation.errors import ForbiddenError, NotConfiguredError, SwitchboardError, UnauthorizedError
from switchboard.runtime.metrics import WEBHOOK_REFUSED, emit
from switchboard.web.request import Request

if TYPE_CHECKING:
    from switchboard.foundation.secret import Secret

_UNMATCHABLE = "\0"  # compared if no credential is configured, so that a refusal takes the same time


class WebhookGate:
    """Admits requests from Exotel only.

    The WebhookSecret is `{account: {user, password, path, outgoing_phone_number?}}`. `addresses` is a list of CIDRs
    separated by commas; "" permits all.
    """

    def __init__(self, credentials: Secret, addresses: str) -> None:
        self._credentials = credentials
        self._networks = [_network(cidr.strip()) for cidr in addresses.split(",") if cidr.strip()]

    def prepare(self) -> None:
        """Read the credentials, so that the first request need not wait for them. Raises NotConfiguredError."""
        self._credentials.value()

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
            entry = _entry(read(), account)
            if _proved(entry, request):
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


def _network(cidr: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(cidr, strict=False)  # also accepts any address of the network with its mask
    except ValueError:
        raise NotConfiguredError("not_configured", f"ExotelAddresses has {cidr!r}, which is not a CIDR") from None


def _entry(secret: Mapping[str, Any], account: str) -> Mapping[str, Any]:
    entry = secret.get(account)
    return entry if isinstance(entry, Mapping) else {}


def _proved(entry: Mapping[str, Any], request: Request) -> bool:
    """Compare the credentials in constant time. A credential that is missing or empty in `entry` never matches."""
    by_path = "{secret}" in request.route
    given = request.path("secret") if by_path else _basic(request.header("authorization"))
    wanted = _credential(entry, ("path",) if by_path else ("user", "password"))
    return hmac.compare_digest(given.encode(), wanted.encode()) and wanted != _UNMATCHABLE


def _credential(entry: Mapping[str, Any], parts: tuple[str, ...]) -> str:
    texts = [text for text in map(entry.get, parts) if isinstance(text, str) and text and text.isprintable()]
    return ":".join(texts) if len(texts) == len(parts) else _UNMATCHABLE


def _basic(header: str) -> str:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
