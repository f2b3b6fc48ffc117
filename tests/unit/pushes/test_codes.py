import pytest

from switchboard.pushes.codes import error_code


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("404 UNREGISTERED", "UNREGISTERED"),
        ("400 INVALID_ARGUMENT message.token", "INVALID_ARGUMENT"),
        ("429 QUOTA_EXCEEDED", "QUOTA_EXCEEDED"),
        ("503", "503"),
        ("400 A_WORD_THAT_IS_NEW", "400"),
        ("OAuth 400 invalid_grant", "oauth"),
        ("ReadTimeout", "connection"),
        ("APNs RemoteProtocolError", "connection"),
        ("503 APNs", "503"),
        ("410 Unregistered", "Unregistered"),
        ("403 AReasonThatIsNew", "403"),
        ("ConnectionError", "connection"),
        ("no time left", "other"),
        ("999999 bottles", "other"),
        ("", "other"),
    ],
)
def test_each_reason_has_a_short_code(reason: str, code: str) -> None:
    assert error_code(reason) == code
