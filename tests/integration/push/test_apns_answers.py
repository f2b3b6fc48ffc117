"""The outcome of each of APNs' answers, by name: the table of contract 6."""

from dataclasses import replace

import pytest

from local.simulators import Simulators
from local.simulators.faults import Fault
from switchboard.pushes.apns import ApnsGateway
from switchboard.pushes.apns_answers import NEVER
from switchboard.pushes.push import Delivery, Outcome
from switchboard.subscribers.subscriber import Device, Environment, TokenType
from tests.fakes.secret import FakeSecret
from tests.integration.push.apns import ALERT, UNKNOWN, VOIP, send
from tests.integration.push.fcm import NOW

# reason, status, outcome, requests to Apple, seconds until the next try: for a device that is fully known
ROWS = [
    ("Unregistered", 410, Outcome.DEAD_TOKEN, 1, None),
    ("ExpiredToken", 410, Outcome.DEAD_TOKEN, 1, None),
    ("BadDeviceToken", 400, Outcome.DEAD_TOKEN, 1, None),
    ("DeviceTokenNotForTopic", 400, Outcome.DISABLED, 1, None),
    ("TopicDisallowed", 403, Outcome.DISABLED, 1, None),
    ("BadTopic", 400, Outcome.REJECTED, 1, None),
    ("MissingTopic", 400, Outcome.REJECTED, 1, None),
    ("InvalidPushType", 400, Outcome.REJECTED, 1, None),
    ("BadExpirationDate", 400, Outcome.REJECTED, 1, None),
    ("BadPriority", 400, Outcome.REJECTED, 1, None),
    ("BadMessageId", 400, Outcome.REJECTED, 1, None),
    ("BadCollapseId", 400, Outcome.REJECTED, 1, None),
    ("DuplicateHeaders", 400, Outcome.REJECTED, 1, None),
    ("PayloadEmpty", 400, Outcome.REJECTED, 1, None),
    ("MissingDeviceToken", 400, Outcome.REJECTED, 1, None),
    ("BadPath", 404, Outcome.REJECTED, 1, None),
    ("MethodNotAllowed", 405, Outcome.REJECTED, 1, None),
    ("PayloadTooLarge", 413, Outcome.REJECTED, 1, None),
    ("ExpiredProviderToken", 403, Outcome.CONFIGURATION_FAULT, 2, None),
    ("InvalidProviderToken", 403, Outcome.CONFIGURATION_FAULT, 1, None),
    ("MissingProviderToken", 403, Outcome.CONFIGURATION_FAULT, 1, None),
    ("Forbidden", 403, Outcome.CONFIGURATION_FAULT, 1, None),
    ("BadEnvironmentKeyIdInToken", 403, Outcome.CONFIGURATION_FAULT, 1, None),
    ("UnrelatedKeyIdInToken", 403, Outcome.CONFIGURATION_FAULT, 1, None),
    ("TooManyProviderTokenUpdates", 429, Outcome.CONFIGURATION_FAULT, 1, None),
    ("TooManyRequests", 429, Outcome.RETRY, 1, NEVER),
    ("Shutdown", 503, Outcome.RETRY, 2, None),
    ("ServiceUnavailable", 503, Outcome.RETRY, 1, None),
    ("InternalServerError", 500, Outcome.RETRY, 1, None),
    ("AReasonOfTomorrow", 400, Outcome.REJECTED, 1, None),
    ("AReasonOfTomorrow", 403, Outcome.CONFIGURATION_FAULT, 1, None),
]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[1]} {row[0]}" for row in ROWS])
def test_every_row_of_the_table(
    apns: ApnsGateway, simulators: Simulators, row: tuple[str, int, Outcome, int, float | None]
) -> None:
    reason, status, outcome, requests, retry_after = row
    simulators.faults.add(Fault("apns", status=status, error_code=reason, times=10))

    assert send(apns) == Delivery(outcome, f"{status} {reason}", retry_after)
    assert len(simulators.pushes.attempts()) == requests


@pytest.mark.parametrize("reason", ["Shutdown", "IdleTimeout", "GOAWAY"])
def test_a_connection_that_apple_ends_is_opened_anew_once(
    apns: ApnsGateway, simulators: Simulators, reason: str
) -> None:
    send(apns)
    before = simulators.apns.connections
    simulators.faults.add(Fault("apns", error_code=reason))

    assert send(apns).outcome is Outcome.ACCEPTED
    assert simulators.apns.connections - before == 1


def test_a_410_spares_what_was_registered_after_its_timestamp(apns: ApnsGateway, simulators: Simulators) -> None:
    registered_at = VOIP.registered_at
    for timestamp, outcome in ((registered_at + 1, Outcome.DEAD_TOKEN), (registered_at - 1, Outcome.RETRY)):
        simulators.faults.add(Fault("apns", error_code="Unregistered", timestamp=timestamp))
        assert send(apns).outcome is outcome


def test_a_token_of_the_sandbox_is_found_there_and_remembered(apns: ApnsGateway, simulators: Simulators) -> None:
    simulators.faults.add(Fault("apns", error_code="BadDeviceToken", host="production"))
    unknown = replace(VOIP, environment=None)

    delivery = send(apns, unknown)

    assert (delivery.outcome, delivery.learned) == (
        Outcome.ACCEPTED,
        replace(unknown, environment=Environment.SANDBOX),
    )
    assert [push.host for push in simulators.pushes.attempts()] == ["production", "sandbox"]


def test_an_unknown_environment_is_learned_from_the_first_try_too(apns: ApnsGateway) -> None:
    assert send(apns, replace(VOIP, environment=None)).learned == VOIP
    assert send(apns, VOIP).learned is None


def test_a_token_that_neither_environment_knows_is_dead_after_two_tries(
    apns: ApnsGateway, simulators: Simulators
) -> None:
    simulators.faults.add(Fault("apns", error_code="BadDeviceToken", times=9))

    assert send(apns, replace(VOIP, environment=None)).outcome is Outcome.DEAD_TOKEN
    assert len(simulators.pushes.attempts()) == 2


@pytest.mark.parametrize("reason", ["DeviceTokenNotForTopic", "TopicDisallowed"])
@pytest.mark.parametrize(("first", "then"), [(VOIP, ALERT), (ALERT, VOIP)])
def test_the_kind_of_an_unnamed_token_is_found_by_one_try_of_the_other(
    apns: ApnsGateway, simulators: Simulators, reason: str, first: Device, then: Device
) -> None:
    simulators.faults.add(Fault("apns", error_code=reason))

    delivery = send(apns, replace(first, guessed=True))

    assert (delivery.outcome, delivery.learned) == (Outcome.ACCEPTED, then)
    kinds = [(push.headers or {})["apns-push-type"] for push in simulators.pushes.attempts()]
    assert kinds == (["voip", "alert"] if first is VOIP else ["alert", "voip"])


def test_environment_and_kind_can_both_be_unknown(apns: ApnsGateway, simulators: Simulators) -> None:
    simulators.faults.add(Fault("apns", error_code="BadDeviceToken", host="production"))
    simulators.faults.add(Fault("apns", error_code="DeviceTokenNotForTopic", host="sandbox"))

    learned = send(apns, UNKNOWN).learned

    assert learned == replace(UNKNOWN, token_type=TokenType.APNS, environment=Environment.SANDBOX, guessed=False)


def test_nothing_is_tried_on_and_on(apns: ApnsGateway, simulators: Simulators) -> None:
    for reason in ("BadDeviceToken", "DeviceTokenNotForTopic", "BadDeviceToken", "DeviceTokenNotForTopic"):
        simulators.faults.add(Fault("apns", error_code=reason))

    assert send(apns, UNKNOWN).outcome is Outcome.DEAD_TOKEN
    assert len(simulators.pushes.attempts()) == 3


def test_an_unnamed_token_that_both_topics_refuse_is_disabled(apns: ApnsGateway, simulators: Simulators) -> None:
    simulators.faults.add(Fault("apns", error_code="DeviceTokenNotForTopic", times=9))

    assert send(apns, UNKNOWN).outcome is Outcome.DISABLED
    assert len(simulators.pushes.attempts()) == 2


def test_no_second_try_comes_after_the_call_has_stopped_ringing(simulators: Simulators) -> None:
    simulators.faults.add(Fault("apns", error_code="BadDeviceToken"))
    over = ApnsGateway(FakeSecret(simulators.push_secret), lambda: NOW / 1000 + 27.7)

    assert send(over, UNKNOWN, left=27.6).outcome is Outcome.DEAD_TOKEN
    assert len(simulators.pushes.attempts()) == 1
