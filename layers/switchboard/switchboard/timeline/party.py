"""Whose calls a event is listed with."""

from collections.abc import Collection

from switchboard.timeline.event import OF_APP, Event

_LONGEST = 100  # characters: what Dial Whom takes for a caller


def parties_of(event: Event) -> Collection[str]:
    """Return whom the event names: the subscriber that it is about, a caller, a callee; nobody if of no call."""
    if event.call.startswith(OF_APP):
        return ()
    named = {event.subscriber, event.details.get("caller"), event.details.get("callee")}
    return {name for name in named if isinstance(name, str) and 0 < len(name) <= _LONGEST}
