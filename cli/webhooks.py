"""The URLs for Exotel's dashboard, with their credentials."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

DOCTOR = "switchboard-doctor"  # caller and CallSid of doctor's own request: no subscriber's name has a hyphen
_ROUTES = (
    ("Dial Whom (Connect applet)", "dialtonumber"),
    ("Push (pushtoclient)", "pushtoclient"),
    ("Call events (Passthru, StatusCallback)", "callevents"),
)


@dataclass(frozen=True)
class Webhook:
    """A URL for Exotel with credentials in the userinfo, and one with a secret path (`path_url`)."""

    title: str
    route: str
    url: str
    path_url: str


def webhooks(api_base: str, sid: str, entry: Mapping[str, str]) -> list[Webhook]:
    """Return an account's webhooks; `entry` is its part of WebhookSecret."""
    user, password, path = (quote(entry[key], safe="") for key in ("user", "password", "path"))
    parts = urlsplit(api_base)
    signed = urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.netloc}"))
    return [
        Webhook(
            title,
            route,
            f"{signed}/accounts/{quote(sid)}/{route}",
            f"{api_base}/hooks/{path}/accounts/{quote(sid)}/{route}",
        )
        for title, route in _ROUTES
    ]
