"""Findings from the events of the apps' SDKs, on either side of the call."""

import re
from collections.abc import Callable, Iterator

from cli.why.diagnosis.case import KNOWS_THE_CALL, Case, Finding, Severity, Side, said, text
from switchboard.timeline.event import Event, Kind

_INITIALIZATION, _AUTHENTICATION = "onInitializationFailure", "onAuthenticationFailure"
_WORKS = ("onInitializationSuccess", *KNOWS_THE_CALL)
_TOKENS = {  # Integration guide, troubleshooting: the SDK's message or subscriber-token's status, and what to do
    r"\b400\b": "Exotel refused the request as malformed: check the name, and that it exists at Exotel.",
    r"\b401\b": "Exotel refused the account's API key and token: `switchboard doctor`, then `switchboard setup`.",
    r"\b403\b": "VoIP is not enabled on the Exotel account: ask Exotel's support.",
    r"EXPIRED": "The access token lasts 30 minutes, the refresh token 24 hours: the app must get new ones (S/token).",
    r"invalid refresh token": "The token belongs to another device_id than the app gives the SDK: use the same one.",
    r"": "Give the SDK the whole subscriber_token of the last login, for the same device_id.",
}
_BAD_RATING = 2  # of 5

type OneSide = Callable[[Case, Side], Iterator[Finding]]


def on(side: Side, rule: OneSide) -> Callable[[Case], Iterator[Finding]]:
    """Return the rule for one side's app."""
    return lambda case: rule(case, side)


def library_not_initialised(case: Case, side: Side) -> Iterator[Finding]:
    """The SDK was not initialised, so it can neither dial nor take a call."""
    for event in case.reported_by(side):
        if text(event, "name") == _INITIALIZATION and not _is_congestion(event) and not _is_token(event):
            yield Finding(
                "library-not-initialised",
                _weight(case, event),
                f"{_whose(event, side)} SDK could not be initialised.",
                said(event),
                "Check what the app passes to initialize: sdk_host, the account's SID, the subscriber's name and token "
                "of the last login, and the phone's permissions and network.",
            )


def token_refused(case: Case, side: Side) -> Iterator[Finding]:
    """The SDK's token was refused."""
    for event in case.reported_by(side):
        if _is_token(event):
            evidence = said(event)
            yield Finding(
                "token-refused",
                _weight(case, event),
                f"Exotel refused the token of {_whose(event, side)} SDK.",
                evidence,
                next(fix for sign, fix in _TOKENS.items() if re.search(sign, evidence, re.IGNORECASE)),
            )


def rate_limited(case: Case, side: Side) -> Iterator[Finding]:
    """Exotel's rate limit is reached."""
    for event in case.reported_by(side):
        if _is_congestion(event):
            yield Finding(
                "rate-limit",
                _weight(case, event),
                f"Exotel's rate limit was reached by {_whose(event, side)} SDK.",
                said(event),
                "Let the app wait before it tries again, and not initialise in a loop; ask Exotel for a higher limit.",
            )


def other_errors(case: Case) -> Iterator[Finding]:
    """Other errors of the SDKs."""
    for event in case.of(Kind.SDK_ERROR):
        if not (_is_token(event) or _is_congestion(event) or text(event, "name") == _INITIALIZATION):
            yield Finding(
                "sdk-error",
                Severity.NOTE,
                f"The SDK reported {text(event, 'type') or 'an error'}.",
                f"{event.subscriber or 'somebody'}: {said(event)}",
                "Ask Exotel's support with the page that `switchboard why … --report FILE` writes.",
            )


def logs_not_uploaded(case: Case) -> Iterator[Finding]:
    """The phone's log was not uploaded, or was refused."""
    for event in case.of(Kind.SDK_CALLBACK, Kind.SDK_ERROR, Kind.LOGS_UPLOADED):
        rejected = text(event, "rejected")
        if text(event, "name") == "onUploadLogFailure" or rejected:
            yield Finding(
                "logs-missing",
                Severity.NOTE,
                f"The phone's log was refused: {rejected}." if rejected else "The phone's log could not be uploaded.",
                f"{event.subscriber or 'somebody'}: {said(event)}",
                "Let the user try again; an upload URL expires after minutes.",
            )


def bad_rating(case: Case) -> Iterator[Finding]:
    """A party gave a bad rating."""
    for event in case.of(Kind.FEEDBACK):
        rating = event.details.get("rating")
        if isinstance(rating, int) and rating <= _BAD_RATING:
            yield Finding(
                "bad-rating",
                Severity.NOTE,
                f"{event.subscriber or 'A party'} rated the call {rating} of 5.",
                said(event),
                "Compare packet loss, jitter and round trip of both sides: a bad network shows on its side.",
            )


def _whose(event: Event, side: Side) -> str:
    return f"{event.subscriber or f'the {side}'}'s"


def _is_token(event: Event) -> bool:
    return text(event, "name") == _AUTHENTICATION or text(event, "type").startswith("AUTHENTICATION_")


def _is_congestion(event: Event) -> bool:
    return text(event, "type") == "CONGESTION_ERROR" or bool(re.search(r"\b429\b", text(event, "message")))


def _weight(case: Case, event: Event) -> Severity:
    """NOTE if the call was answered; HISTORY if the same app reported later that its SDK works; else PROBLEM."""
    if case.answered:
        return Severity.NOTE
    reported = (*case.events, *case.around)
    works = any(
        one.subscriber == event.subscriber and one.at > event.at and text(one, "name") in _WORKS for one in reported
    )
    return Severity.HISTORY if works else Severity.PROBLEM
