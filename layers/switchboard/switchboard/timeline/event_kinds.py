"""Reads single values from a call's events, which are sorted by time."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from switchboard.timeline.event import Event, Kind

_MOST_SECONDS = 86_400  # a larger number is not a duration

type Events = Sequence[Event]
type Sign = Callable[[Event], bool]


def of_kind(events: Events, kind: Kind) -> Iterator[Event]:
    """Yield the events of that kind."""
    return (event for event in events if event.kind is kind)


def text(event: Event, name: str) -> str | None:
    """Return a detail as text; None where it is absent or empty."""
    value = event.details.get(name)
    return str(value) if value not in (None, "") else None


def first(events: Events, name: str, *kinds: Kind) -> str | None:
    """Return the detail from the first event of the first kind that has it."""
    return next((value for kind in kinds for event in of_kind(events, kind) if (value := text(event, name))), None)


def last(events: Events, name: str, kind: Kind) -> str | None:
    """Return the detail from the last event of the kind that has it."""
    return first(events[::-1], name, kind)


def last_answer(events: Events) -> Event | None:
    """Return Dial Whom's last answer; repeated answers (route `same-call`) count only if there is no other.

    One request may have several events: that a callee was found, that the callee is suspended, that the context came
    too late or was refused. The last of them counts.
    """
    answers = list(of_kind(events, Kind.DIAL_WHOM))
    first_hand = [event for event in answers if event.details.get("route") != "same-call"] or answers
    return max(first_hand, key=_found_out, default=None)


def _found_out(answer: Event) -> tuple[int, bool, int, str]:
    details = answer.details
    newest = max(int(details.get(name) or 0) for name in ("context_set_at", "context_ended_at"))
    return answer.at, not details.get("callee"), newest, answer.key


def ids(events: Events, name: str) -> tuple[str, ...]:
    """Return the detail's values, each once, sorted."""
    return tuple(sorted({value for event in events if (value := text(event, name))}))


def longest(events: Events, kind: Kind, *names: str) -> float | None:
    """Return the largest number in these details, or None if no event of the kind has one."""
    values = (event.details.get(name) for event in of_kind(events, kind) for name in names)
    return max((float(v) for v in values if isinstance(v, int | float) and 0 <= v <= _MOST_SECONDS), default=None)


def earliest(events: Events, *signs: Sign) -> int | None:
    """Return the time of the earliest event that matches the first sign that any event matches."""
    return next((event.at for sign in signs for event in events if sign(event)), None)


def between(start: int | None, end: int | None) -> float | None:
    """Return the seconds from `start` to `end` (milliseconds), or None if one is unknown or `end` is earlier."""
    return round((end - start) / 1000, 1) if start is not None and end is not None and end >= start else None


def newest_ratings(events: Events) -> Mapping[str, int]:
    """Return each subscriber's newest rating."""
    rated = (event for event in of_kind(events, Kind.FEEDBACK) if isinstance(event.details.get("rating"), int))
    return {event.subscriber: int(event.details["rating"] or 0) for event in rated if event.subscriber}
