"""Ends one session of a subscriber: its id stays in the profile until it would have expired (docs/decisions/0058)."""

from collections.abc import Callable
from dataclasses import replace

from switchboard.foundation.errors import UnavailableError
from switchboard.subscribers.ports import Profiles
from switchboard.subscribers.subscriber import Subscriber

MOST_ENDED = 16  # sessions of one subscriber: with more, all of them end
_TRIES = 5  # against concurrent changes of the profile


def end_session(
    profiles: Profiles,
    account: str,
    name: str,
    session: tuple[str, int],
    *,
    now: int,
    new_version: Callable[[], str],
) -> None:
    """End the session (its id, and its expiry in epoch seconds); without a profile it has ended already.

    Raises UnavailableError if the session may still be valid.
    """
    for _ in range(_TRIES):
        known = profiles.find(account, name)
        if known is None or profiles.replace(known, _ended(known, session, now, new_version)):
            return
    raise UnavailableError("busy", "other requests are changing the subscriber: try again", retry_after=1)


def _ended(subscriber: Subscriber, session: tuple[str, int], now: int, new_version: Callable[[], str]) -> Subscriber:
    kept = tuple(sorted({*(one for one in subscriber.ended_sessions if one[1] > now), session}))
    if len(kept) > MOST_ENDED:
        return replace(subscriber, session_version=new_version(), ended_sessions=())
    return replace(subscriber, ended_sessions=kept)
