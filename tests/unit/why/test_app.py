import pytest

from cli.why.diagnosis.case import Case, Severity
from cli.why.diagnosis.rules import diagnose
from switchboard.timeline.event import Event, Kind, of_app
from tests.unit.why.events import GOOD, RANG, acknowledged, callback, error, event, findings


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_an_sdk_that_could_not_be_initialised(who: str) -> None:
    found = findings(*RANG, callback("onInitializationFailure", who, error="no network"))["library-not-initialised"]
    assert found.severity is Severity.PROBLEM
    assert found.what == f"{who}'s SDK could not be initialised."
    assert "no network" in found.evidence


def test_a_callback_with_an_error_is_one_failure() -> None:
    both = callback("onAuthenticationFailure"), error("AUTHENTICATION_EXPIRED_TOKEN", name="onAuthenticationFailure")
    (found,) = diagnose(Case((*RANG, acknowledged(state="busy"), *both)))
    assert (found.code, "30 minutes" in found.fix) == ("token-refused", True)


def test_events_without_a_call_count_too() -> None:
    failed = event(Kind.SDK_ERROR, 1_500, "bob", of_app("bob"), name="onInitializationFailure", type="ERROR")
    found = findings(*RANG, acknowledged(), around=[failed])
    assert list(found) == ["library-not-initialised", "payload-not-relayed"]


def test_a_failure_of_an_unknown_party_counts_as_the_callers() -> None:
    failed = event(Kind.SDK_CALLBACK, name="onInitializationFailure")
    assert findings(failed)["library-not-initialised"].what == "the caller's SDK could not be initialised."


@pytest.mark.parametrize(
    ("event", "fix"),
    [
        (callback("onAuthenticationFailure", message="400 Bad Request"), "check the name"),
        (callback("onAuthenticationFailure", message="HTTP 401"), "API key and token"),
        (callback("onAuthenticationFailure", code=403), "VoIP is not enabled"),
        (callback("onAuthenticationFailure", message="invalid refresh token"), "device_id"),
        (error("AUTHENTICATION_EXPIRED_TOKEN"), "30 minutes"),
        (error("AUTHENTICATION_INVALID_TOKEN"), "the whole subscriber_token"),
        (error("AUTHENTICATION_INVALID_TOKEN", name="onInitializationFailure"), "the whole subscriber_token"),
    ],
)
def test_a_refused_token_is_explained_by_what_the_sdk_says(event: Event, fix: str) -> None:
    found = findings(*RANG, event)
    assert fix in found["token-refused"].fix
    assert "library-not-initialised" not in found


@pytest.mark.parametrize("event", [error("CONGESTION_ERROR"), error("OTHER", message="HTTP 429")])
def test_a_rate_limit_that_was_reached(event: Event) -> None:
    assert findings(*RANG, event)["rate-limit"].severity is Severity.PROBLEM


def test_errors_of_an_answered_call_are_worth_a_note() -> None:
    found = findings(*GOOD, error("CONGESTION_ERROR"), error("MEDIA_ERROR"))
    assert {code: one.severity for code, one in found.items()} == {
        "rate-limit": Severity.NOTE,
        "sdk-error": Severity.NOTE,
    }


def test_a_log_that_could_not_be_uploaded_or_used() -> None:
    assert "could not be uploaded" in findings(*GOOD, callback("onUploadLogFailure"))["logs-missing"].what
    rejected = event(Kind.LOGS_UPLOADED, subscriber="bob", rejected="not a zip")
    assert findings(*GOOD, rejected)["logs-missing"].what == "The phone's log was refused: not a zip."
    assert findings(*GOOD, event(Kind.LOGS_UPLOADED, subscriber="bob", entries=2)) == {}


def test_a_bad_rating_is_worth_a_note() -> None:
    assert (
        "rated the call 2 of 5" in findings(*GOOD, event(Kind.FEEDBACK, subscriber="bob", rating=2))["bad-rating"].what
    )
    assert findings(*GOOD, event(Kind.FEEDBACK, subscriber="bob", rating=4)) == {}
