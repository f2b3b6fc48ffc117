"""What must not leave with an explanation, should an app have sent it in one of its words."""

import re

_SECRETS = (
    re.compile(r"\beyJ[\w-]{5,}(\.[\w-]*){0,2}"),  # a JWT: sessions, Exotel's tokens, a push's payload
    re.compile(r"\b[\w-]{11,}:APA91[\w-]+"),  # FCM's registration tokens
    re.compile(r"\b[0-9a-fA-F]{64,}\b"),  # APNs tokens
    re.compile(r"[\w+/=-]{100,}"),  # whatever else is too long to mean anything to people
    re.compile(r"(?i)\b(Bearer|Basic) [\w+/=.-]+"),
    re.compile(r"(?<=://)[^/@\s]+(?=@)"),  # credentials in a URL
    re.compile(r"(?<=/hooks/)[^/\s]+"),
)
_NAMES = re.compile(r"(?i)password|secret|token|payload(?!_?version)|authorization")


def redacted(name: str, value: object) -> str:
    """Return a detail as text, without what may be secret in it."""
    if _NAMES.search(name) and value not in (None, ""):
        return "(left out)"
    text = str(value)
    for secret in _SECRETS:
        text = secret.sub("(left out)", text)
    return text
