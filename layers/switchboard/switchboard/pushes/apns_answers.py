"""Maps the answers of APNs to outcomes (contract 6; Apple: Handling notification responses from APNs)."""

from enum import Enum, auto
from typing import NamedTuple

from switchboard.pushes.push import Delivery, Outcome

NEVER = float("inf")  # seconds: later than any call rings


class Then(Enum):
    """What can be done about an answer before its outcome counts."""

    NOTHING = auto()
    OTHER_ENVIRONMENT = auto()  # if the device's is not known
    OTHER_TOPIC = auto()  # if nobody named the token's kind
    NEW_TOKEN = auto()  # sign anew, once
    NEW_CONNECTION = auto()  # once


class Rule(NamedTuple):
    """A row of the table."""

    outcome: Outcome
    then: Then = Then.NOTHING
    retry_after: float | None = None


_OTHER_TOPIC = Rule(Outcome.DISABLED, Then.OTHER_TOPIC)
_FAULT = Rule(Outcome.CONFIGURATION_FAULT)
_REJECTED = Rule(Outcome.REJECTED)
REASONS = {
    "Unregistered": Rule(Outcome.DEAD_TOKEN),
    "ExpiredToken": Rule(Outcome.DEAD_TOKEN),
    "BadDeviceToken": Rule(Outcome.DEAD_TOKEN, Then.OTHER_ENVIRONMENT),
    "DeviceTokenNotForTopic": _OTHER_TOPIC,
    "TopicDisallowed": _OTHER_TOPIC,
    **dict.fromkeys(("BadTopic", "MissingTopic", "InvalidPushType", "BadExpirationDate", "BadPriority"), _REJECTED),
    **dict.fromkeys(("BadMessageId", "BadCollapseId", "DuplicateHeaders", "PayloadEmpty"), _REJECTED),
    **dict.fromkeys(("MissingDeviceToken", "BadPath", "MethodNotAllowed", "PayloadTooLarge"), _REJECTED),
    "ExpiredProviderToken": Rule(Outcome.CONFIGURATION_FAULT, Then.NEW_TOKEN),
    **dict.fromkeys(("InvalidProviderToken", "MissingProviderToken", "Forbidden"), _FAULT),
    **dict.fromkeys(("BadEnvironmentKeyIdInToken", "UnrelatedKeyIdInToken", "TooManyProviderTokenUpdates"), _FAULT),
    "TooManyRequests": Rule(Outcome.RETRY, retry_after=NEVER),  # for this device: no further try in this call
    "Shutdown": Rule(Outcome.RETRY, Then.NEW_CONNECTION),
    "IdleTimeout": Rule(Outcome.RETRY, Then.NEW_CONNECTION),
    "InternalServerError": Rule(Outcome.RETRY),
    "ServiceUnavailable": Rule(Outcome.RETRY),
}
_STATUSES = {403: _FAULT, 429: Rule(Outcome.RETRY, retry_after=NEVER)}


def rule_of(status: int, reason: str) -> Rule:
    """Return the row for an answer; a reason that Apple adds one day is judged by its status."""
    if status in range(200, 300):
        return Rule(Outcome.ACCEPTED)
    if status >= 500:
        return (
            REASONS.get(reason, Rule(Outcome.RETRY)) if reason in ("Shutdown", "IdleTimeout") else Rule(Outcome.RETRY)
        )
    return REASONS.get(reason) or _STATUSES.get(status, _REJECTED)


def delivery_of(status: int, reason: str, *, timestamp: int | None, registered_at: int) -> Delivery:
    """Return the outcome of a send. Times are in milliseconds; `timestamp` is since when a token has been invalid.

    A token that was registered after `timestamp` is kept: the phone has got it back since.
    """
    rule, told = rule_of(status, reason), f"{status} {reason or 'APNs'}"
    if rule.outcome is Outcome.ACCEPTED:
        return Delivery(Outcome.ACCEPTED, str(status))
    if rule.outcome is Outcome.DEAD_TOKEN and timestamp is not None and registered_at > timestamp:
        return Delivery(Outcome.RETRY, told, NEVER)
    return Delivery(rule.outcome, told, rule.retry_after)
