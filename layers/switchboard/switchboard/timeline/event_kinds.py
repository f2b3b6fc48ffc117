"""Reading one thing from many facts, which are in the order in which they happened."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from switchboard.timeline.event import Event, Kind

_MOST_SECONDS = 86_400  # a number beyond that is no duration

type Facts = Sequence[Event]
type Sign = Callable[[Event], bool]


def of_kind(facts: Facts, kind: Kind) -> Iterator[Event]:
    """Yield the facts of that kind."""
    return (fact for fact in facts if fact.kind is kind)


def text(fact: Event, name: str) -> str | None:
    """Return a detail as text; None where it is absent or empty."""
    value = fact.details.get(name)
    return str(value) if value not in (None, "") else None


def first(facts: Facts, name: str, *kinds: Kind) -> str | None:
    """Return the detail from the first fact of the first kind that has it."""
    return next((value for kind in kinds for fact in of_kind(facts, kind) if (value := text(fact, name))), None)


def last(facts: Facts, name: str, kind: Kind) -> str | None:
    """Return the detail from the last fact of the kind that has it."""
    return first(facts[::-1], name, kind)


def last_answer(facts: Facts) -> Event | None:
    """Return Dial Whom's last answer that found out something: one to a repeated question says what was said before.

    One question may leave several facts: the callee that was found, that he is suspended after all, that the context
    came too late or was refused. What was found out last counts.
    """
    answers = list(of_kind(facts, Kind.DIAL_WHOM))
    first_hand = [fact for fact in answers if fact.details.get("route") != "same-call"] or answers
    return max(first_hand, key=_found_out, default=None)


def _found_out(answer: Event) -> tuple[int, bool, int, str]:
    details = answer.details
    newest = max(int(details.get(name) or 0) for name in ("context_set_at", "context_ended_at"))
    return answer.at, not details.get("callee"), newest, answer.key


def ids(facts: Facts, name: str) -> tuple[str, ...]:
    """Return the detail's values, each once, sorted."""
    return tuple(sorted({value for fact in facts if (value := text(fact, name))}))


def longest(facts: Facts, kind: Kind, *names: str) -> float | None:
    """Return the largest number in any of these details, None where no fact of the kind has one."""
    values = (fact.details.get(name) for fact in of_kind(facts, kind) for name in names)
    return max((float(v) for v in values if isinstance(v, int | float) and 0 <= v <= _MOST_SECONDS), default=None)


def earliest(facts: Facts, *signs: Sign) -> int | None:
    """Return when the first sign that any fact shows was first shown."""
    return next((fact.at for sign in signs for fact in facts if sign(fact)), None)


def between(start: int | None, end: int | None) -> float | None:
    """Return the seconds from one time to a later one, None where either is unknown or their order is wrong."""
    return round((end - start) / 1000, 1) if start is not None and end is not None and end >= start else None


def newest_ratings(facts: Facts) -> Mapping[str, int]:
    """Return each subscriber's newest rating."""
    rated = (fact for fact in of_kind(facts, Kind.FEEDBACK) if isinstance(fact.details.get("rating"), int))
    return {fact.subscriber: int(fact.details["rating"] or 0) for fact in rated if fact.subscriber}
