"""The apps for which APNs is set up, as `switchboard setup --apns` puts them into the PushSecret."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from switchboard.subscribers.subscriber import Environment

BASE_URLS = {
    Environment.PRODUCTION: "https://api.push.apple.com",
    Environment.SANDBOX: "https://api.sandbox.push.apple.com",
}


@dataclass(frozen=True, slots=True)
class ApnsApp:
    """A signing key (the PEM of Apple's .p8 file) of a developer team, and the app's bundle id."""

    key: str
    key_id: str
    team_id: str
    bundle_id: str


def app_of(secret: Mapping[str, Any], account: str) -> ApnsApp | None:
    """Return the account's own app, else that of all accounts, else None. Raises ValueError for an incomplete one."""
    own = _mapping(_mapping(secret.get("accounts")).get(account))
    app = own.get("apns") or secret.get("apns")
    if not app:
        return None
    try:
        fields = [app[name] for name in ("key", "key_id", "team_id", "bundle_id")]
    except (KeyError, TypeError):
        fields = []
    if not fields or not all(isinstance(field, str) and field for field in fields):
        raise ValueError("PushSecret's `apns` needs key, key_id, team_id and bundle_id")
    return ApnsApp(*fields)


def base_url(secret: Mapping[str, Any], environment: Environment) -> str:
    """Return Apple's host, or the one in the secret, by which the local stack names its own."""
    given = _mapping(secret.get("apns_base_urls")).get(environment)
    return given if isinstance(given, str) else BASE_URLS[environment]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
