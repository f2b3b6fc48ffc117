"""The parties in whose histories an event's call is listed."""

from collections.abc import Collection

from switchboard.timeline.event import OF_APP, Event

_LONGEST = 100  # characters; Dial Whom's limit for a caller


def parties_of(event: Event) -> Collection[str]:
    """Return the event's subscriber, caller and callee; nobody for an event without a call."""
    if event.call.startswith(OF_APP):
        return ()
    named = {event.subscriber, event.details.get("caller"), event.details.get("callee")}
    return {name for name in named if isinstance(name, str) and 0 < len(name) <= _LONGEST}
