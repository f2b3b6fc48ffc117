"""Removes secrets and control codes from events, since apps may send them in any text."""

import re
from dataclasses import replace

from switchboard.foundation.printable import printable
from switchboard.foundation.redaction import HIDDEN
from switchboard.foundation.redaction import redacted as without_credentials
from switchboard.timeline.event import Detail, Event

_SECRETS = (
    re.compile(r"\b[0-9a-fA-F]{64,}\b"),  # APNs tokens
    re.compile(r"[\w+/=-]{100,}"),  # any other text that is too long to be readable
    re.compile(r"(?<=/hooks/)[^/\s]+"),
)
_NAMES = re.compile(r"(?i)password|secret|token|payload(?!_?version)|authorization")


def redacted(event: Event) -> Event:
    """Return the event without possible secrets in its details, and without terminal control codes."""
    return replace(event, details={printable(n): _redacted(n, value) for n, value in event.details.items()})


def _redacted(name: str, value: Detail) -> Detail:
    if not isinstance(value, str) or not value:
        return value
    if _NAMES.search(name):
        return HIDDEN
    value = without_credentials(value)
    for secret in _SECRETS:
        value = secret.sub(HIDDEN, value)
    return printable(value)
