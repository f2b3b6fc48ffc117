"""What is taken out of log lines, and what stays."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.foundation.redaction import HIDDEN, redacted
from tests.patience import in_time

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLW9mLWl0"
SECRETS = {
    JWT: JWT,
    f"Authorization: Bearer {JWT}": JWT,
    "authorization: bearer abc.def-ghi": "abc.def-ghi",
    "Authorization: Basic ZXhvdGVsOnBhc3N3b3Jk": "ZXhvdGVsOnBhc3N3b3Jk",
    json.dumps({"password": "two words, and more"}): "two words, and more",
    json.dumps({"a": json.dumps({"access_token": "opaque-token"})}): "opaque-token",
    "refresh_token=opaque&x=1": "opaque",
    "subscriberToken: opaque": "opaque",
    "GET https://key:s3cret@api.exotel.com/v1": "s3cret",
    "PUT /uploads/x?X-Amz-Signature=0a1b2c&X-Amz-Expires=900": "0a1b2c",
    "deviceToken dEMOtoken0001:APA91bEXAMPLE registered": "APA91bEXAMPLE",
}


@pytest.mark.parametrize(("text", "secret"), SECRETS.items(), ids=[text[:30] for text in SECRETS])
def test_a_credential_is_taken_out(text: str, secret: str) -> None:
    assert HIDDEN in redacted(text)
    assert secret not in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "registered with sip.exotel.com in 120 ms",
        "token refreshed",
        "onCallEnded: 743ddcf5a0552050bc37b6d0ff9613bn, reason: BUSY",
        "GET https://api.exotel.com/v1/accounts/demo1m",
        "",
    ],
)
def test_an_ordinary_line_stays_as_it_is(text: str) -> None:
    assert redacted(text) == text


@given(st.text(max_size=50), st.text(max_size=50))
def test_a_token_is_found_among_any_text(before: str, after: str) -> None:
    assert JWT not in redacted(f"{before} {JWT} {after}")


@pytest.mark.parametrize("piece", ["eyJabcde.", "token: ", "://a:", "a", "Bearer ", "A-", "eyJ-", 'token"'])
def test_a_line_made_to_slow_down_the_search_is_read_quickly(piece: str) -> None:
    began = time.process_time()
    redacted(piece * (16_384 // len(piece)))
    assert in_time(time.process_time() - began, 1)
