"""The request for a simulated call."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

ORDERS, FORMATS, ENDS = ("context-first", "dial-first"), ("text", "json"), ("answered", "missed", "rejected")
_OPTIONS = ("message", "order", "format", "end")


class BadCallError(ValueError):
    """An invalid request for a call; the message names the field."""


@dataclass(frozen=True)
class Call:
    """Who calls whom, and how: `POST /_sim/calls`."""

    caller: str
    callee: str
    message: str = ""
    order: str = "context-first"
    format: str = "text"
    end: str = "answered"


def parse_call(body: object) -> Call:
    """Return the request from its JSON; raises BadCallError."""
    if not isinstance(body, Mapping) or not set(body) <= {"from", "to", *_OPTIONS}:
        raise BadCallError(f"a call is a JSON object of from, to, {', '.join(_OPTIONS)}")
    given = {name: value for name, value in body.items() if value is not None}
    if not all(isinstance(value, str) for value in given.values()) or not given.get("from") or not given.get("to"):
        raise BadCallError("from and to are required, and all fields are text")
    call = Call(given["from"], given["to"])
    call = replace(call, **{name: given[name] for name in _OPTIONS if name in given})
    for name, value, allowed in (
        ("order", call.order, ORDERS),
        ("format", call.format, FORMATS),
        ("end", call.end, ENDS),
    ):
        if value not in allowed:
            raise BadCallError(f"{name} is one of {', '.join(allowed)}")
    return call
