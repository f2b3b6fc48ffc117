"""Caller ids as Exotel and the apps write them (contract 2.1, 4): the name or number in one, and its scheme."""

import re

_SCHEME = re.compile(r"(sip|wa):", re.IGNORECASE)
_AFTER_NAME = re.compile(r"[@;]")


def name_in(caller_id: str) -> str:
    """Return the bare name in a caller id: `sip:Alice@host;x=y` is `Alice`. Case is kept."""
    return _AFTER_NAME.split(_SCHEME.sub("", caller_id.strip(), count=1), maxsplit=1)[0].strip()


def is_whatsapp(destination: str) -> bool:
    """Whether a destination is a WhatsApp number (`wa:`), which cannot be reached as `sip:` (contract 4)."""
    return destination.strip()[:3].lower() == "wa:"
