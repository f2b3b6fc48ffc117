"""What must not leave with an explanation, should an app have sent it in one of its words: secrets, control codes."""

import re
from dataclasses import replace

from switchboard.foundation.printable import printable
from switchboard.foundation.redaction import HIDDEN
from switchboard.foundation.redaction import redacted as without_credentials
from switchboard.timeline.event import Detail, Event

_SECRETS = (
    re.compile(r"\b[0-9a-fA-F]{64,}\b"),  # APNs tokens
    re.compile(r"[\w+/=-]{100,}"),  # whatever else is too long to mean anything to people
    re.compile(r"(?<=/hooks/)[^/\s]+"),
)
_NAMES = re.compile(r"(?i)password|secret|token|payload(?!_?version)|authorization")


def redacted(event: Event) -> Event:
    """Return the event without what may be secret in its details, and with nothing that moves a terminal's cursor."""
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
