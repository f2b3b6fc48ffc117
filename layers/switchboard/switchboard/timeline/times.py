"""When a call rang, was answered and ended: Exotel's word before an app's, and of one word told often the first."""

from dataclasses import dataclass

from switchboard.timeline.event import Event, Kind
from switchboard.timeline.event_kinds import Events, Sign, between, earliest, longest


@dataclass(frozen=True, slots=True)
class CallTimes:
    """Epoch milliseconds, and the seconds of talk; None where nobody said."""

    rang: int | None
    answered: int | None
    ended: int | None
    talked: float | None


def times_of(events: Events) -> CallTimes:
    """Return the call's times. What is told again later, or in part, moves none of them."""
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


def _connect_over(event: Event) -> bool:
    """Whether it is a Passthru behind the Connect applet, which has ended then; one before it is an attempt."""
    details = event.details
    return _of_hook(event, "passthru") and details.get("call_type") != "call-attempt"


def _status_terminal(event: Event) -> bool:
    """Whether the caller's own leg is over, which may go on to other applets after the call."""
    return _of_hook(event, "status") and event.details.get("event") == "terminal"


def _agent(step: str) -> Sign:
    """Return the sign of the callee's leg; a StatusCallback tells of the caller's, which Exotel answers itself."""
    return lambda event: _of_hook(event, "agent") and event.details.get("event") == step


def _callback(name: str) -> Sign:
    return lambda event: event.kind is Kind.SDK_CALLBACK and event.details.get("name") == name


def _of_hook(event: Event, hook: str) -> bool:
    return event.kind is Kind.EXOTEL_EVENT and event.details.get("hook") == hook
