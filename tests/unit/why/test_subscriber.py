from cli.why.diagnosis.case import Finding, Party
from cli.why.diagnosis.subscriber import LoginRefusal, SubscriberCase, diagnose_subscriber
from switchboard.subscribers.subscriber import Status, TokenType
from tests.unit.why.events import callback, party, phone


def diagnosed(of: Party, *, called: bool = True, **more: object) -> dict[str, Finding]:
    return {found.code: found for found in diagnose_subscriber(SubscriberCase(of, called, **more))}  # type: ignore[arg-type]


def test_a_subscriber_with_a_phone_and_a_call_has_no_findings() -> None:
    assert diagnosed(party(phone())) == {}


def test_an_unknown_name() -> None:
    assert list(diagnosed(party(known=False), called=False)) == ["subscriber-unknown", "no-dial-whom"]


def test_a_suspended_subscriber() -> None:
    found = diagnosed(party(phone(), status=Status.INACTIVE))
    assert "activate bob" in found["subscriber-suspended"].fix


def test_no_phone_and_no_call() -> None:
    assert list(diagnosed(party(), called=False)) == ["no-device", "no-dial-whom"]


def test_phones_that_cannot_be_reached() -> None:
    found = diagnosed(party(phone(disabled_reason="403 SENDER_ID_MISMATCH"), phone(TokenType.APNS)))
    assert list(found) == ["device-disabled"]
    assert "a-token" not in "".join(one.evidence for one in found.values())


def test_a_phone_from_before_a_new_password_does_not_ring() -> None:
    assert list(diagnosed(party(phone(version="v0")))) == ["sessions-ended"]


def test_refused_logins_name_their_cause() -> None:
    refusals = [LoginRefusal("exotel_credentials", 3, "20:00", "20:05"), LoginRefusal("internal", 1, "20:01", "20:01")]
    found = diagnose_subscriber(SubscriberCase(party(phone()), True, refusals))
    assert [one.fix for one in found] == [
        "Exotel refused our API key and token (401): `switchboard setup`.",
        "See vend_token's log.",
    ]
    assert found[0].evidence == "3 since 20:00, the last at 20:05"


def test_errors_of_the_app_without_a_call_are_shown() -> None:
    reported = [callback("onInitializationFailure"), callback("onAuthenticationFailure")]
    assert list(diagnosed(party(phone()), reported=reported)) == ["library-not-initialised", "token-refused"]
