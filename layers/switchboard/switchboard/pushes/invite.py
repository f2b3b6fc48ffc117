"""What a call's push says besides Exotel's data: who calls, and an id by which the phones know the call."""

import uuid
from collections.abc import Callable
from dataclasses import replace

from switchboard.pushes.payload import caller_in, claims_in
from switchboard.pushes.push import Push

LONGEST_NAME = 100  # characters of a caller's name
UNKNOWN = "Unknown caller"
_CALLS = uuid.UUID("6f0f3b1e-2f0c-5a3e-9a57-0d1c9f4d8a11")  # the namespace of call ids; a change would rename all calls


def invite(push: Push, display_name: Callable[[str, str], str | None]) -> Push:
    """Return the push with the call's UUID and the caller's name, which is never empty: iOS refuses an empty one.

    The name is the payload's `callerName`, else what `display_name` says about the caller, else the caller's id.
    """
    claims = claims_in(push.payload)
    name = _text(claims.get("callerName"))
    if not name:
        caller = caller_in(push.payload)
        name = _text(display_name(push.account, caller)) or caller if caller else UNKNOWN
    return replace(push, caller_name=name[:LONGEST_NAME], call_uuid=call_uuid(push))


def call_uuid(push: Push) -> str:
    """Return the call's id for the phones, a UUIDv5 of what every message about the call has in common (contract 7)."""
    session = claims_in(push.payload).get("sessionId")
    call = session if isinstance(session, str) and session else push.key
    return uuid_of(push.account, push.subscriber_name, call)


def uuid_of(account: str, callee: str, call: str) -> str:
    """Return the UUID of a callee's call, of which `call` is the SDK's session id or else the push's key."""
    return str(uuid.uuid5(_CALLS, "\0".join((account, callee, call))))


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
