"""When a call rang, was answered and ended: by Exotel's events before an app's, and by the first of a kind."""

from dataclasses import dataclass

from switchboard.timeline.event import Event, Kind
from switchboard.timeline.event_kinds import Events, Sign, between, earliest, longest


@dataclass(frozen=True, slots=True)
class CallTimes:
    """Epoch milliseconds, and `talked` in seconds; None if unknown."""

    rang: int | None
    answered: int | None
    ended: int | None
    talked: float | None


def times_of(events: Events) -> CallTimes:
    """Return the call's times. Later repetitions of an event do not change them."""
    rang = earliest(events, _agent("ringing"), _callback("onCallRinging"))
    answered = earliest(events, _agent("answered"), _callback("onCallEstablished"))
    signs = (_connect_over, _agent("terminal"), _status_terminal, _callback("onCallEnded"))
    ended = earliest([event for event in events if event.at >= (answered or 0)], *signs) or earliest(events, *signs)
    talked = longest(events, Kind.EXOTEL_EVENT, "duration_s")
    if talked is None:
        talked = longest(events, Kind.SDK_CDR, "duration_s")
    if answered is None and ended is not None and talked is not None:
        answered = ended - round(talked * 1000)
    return CallTimes(rang, answered, ended, between(answered, ended) if talked is None else talked)


def call_is_over(event: Event) -> bool:
    """Whether an event of Exotel says that the call is over, answered or not."""
    return _connect_over(event) or _agent("terminal")(event) or _status_terminal(event)


def callee_answered(event: Event) -> bool:
    """Whether an event of Exotel says that the callee has answered, without saying on which phone."""
    return _agent("answered")(event)


def _connect_over(event: Event) -> bool:
    """Whether it is a Passthru after the Connect applet, which means that the call is over; before it is an attempt."""
    details = event.details
    return _of_hook(event, "passthru") and details.get("call_type") != "call-attempt"


def _status_terminal(event: Event) -> bool:
    """Whether the caller's leg is over; that leg may continue in other applets after the call."""
    return _of_hook(event, "status") and event.details.get("event") == "terminal"


def _agent(step: str) -> Sign:
    """Return a sign for a step of the callee's leg; a StatusCallback is about the caller's, which Exotel answers."""
    return lambda event: _of_hook(event, "agent") and event.details.get("event") == step


def _callback(name: str) -> Sign:
    return lambda event: event.kind is Kind.SDK_CALLBACK and event.details.get("name") == name


def _of_hook(event: Event, hook: str) -> bool:
    return event.kind is Kind.EXOTEL_EVENT and event.details.get("hook") == hook
