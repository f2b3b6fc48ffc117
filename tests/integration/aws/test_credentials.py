"""Credentials: those of the environment, and those of the endpoint that SnapStart's environment names."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from switchboard.aws.credentials import Credentials, CredentialSource
from switchboard.aws.errors import NoCredentialsError
from tests.fakes.clock import FakeClock
from tests.fakes.raw_server import json_answer, raw_server, saying

NAMES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
TOKENS = ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*NAMES, *TOKENS):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def keys(name: str, clock: FakeClock, seconds: float) -> bytes:
    until = datetime.fromtimestamp(clock() + seconds, UTC).isoformat().replace("+00:00", "Z")
    said = {"AccessKeyId": name, "SecretAccessKey": f"secret of {name}", "Token": "t", "Expiration": until}
    return json_answer(json.dumps(said))


def test_those_of_the_environment_are_used_as_they_are(monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert CredentialSource(clock).get() == Credentials("AKID", "secret", "")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    assert CredentialSource(clock).get() == Credentials("AKID", "secret", "token")


def test_those_of_the_endpoint_are_renewed_a_quarter_of_an_hour_before_they_end(
    monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "the-key-of-the-endpoint")
    with raw_server(saying(keys("ONE", clock, 3600)), saying(keys("TWO", clock, 9000))) as server:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{server.url}/credentials?for=us")
        source = CredentialSource(clock)
        assert source.get() == Credentials("ONE", "secret of ONE", "t")
        clock.sleep(2690)
        assert source.get().access_key == "ONE"
        clock.sleep(20)
        assert source.get().access_key == "TWO"
    assert b"GET /credentials?for=us HTTP/1.1" in server.requests[0]
    assert b"Authorization: the-key-of-the-endpoint" in server.requests[0]


def test_short_lived_ones_are_renewed_after_half_their_life(monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> None:
    with raw_server(saying(keys("ONE", clock, 600)), saying(keys("TWO", clock, 900))) as server:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url)
        source = CredentialSource(clock)
        names = [source.get().access_key]
        for _ in range(2):
            clock.sleep(200)
            names.append(source.get().access_key)
    assert names == ["ONE", "ONE", "TWO"]


def test_while_the_endpoint_fails_they_are_used_until_they_end(
    monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    with raw_server(saying(keys("ONE", clock, 3600)), saying(json_answer("{}", "500 No"))) as server:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url)
        source = CredentialSource(clock)
        source.get()
        clock.sleep(3000)
        assert source.get().access_key == "ONE"
        clock.sleep(600)
        with pytest.raises(NoCredentialsError):
            source.get()


@pytest.mark.parametrize(
    "answer", [b"", json_answer("[]"), json_answer("{}"), json_answer("no"), json_answer('{"Expiration": 5}')]
)
def test_an_endpoint_that_says_nothing_of_use_is_an_error(
    monkeypatch: pytest.MonkeyPatch, clock: FakeClock, answer: bytes
) -> None:
    with raw_server(saying(answer)) as server:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url)
        with pytest.raises(NoCredentialsError):
            CredentialSource(clock).get()


def test_a_fault_of_the_endpoint_is_met_with_a_second_try_and_a_token_in_a_file_is_read_each_time(
    monkeypatch: pytest.MonkeyPatch, clock: FakeClock, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("from-the-file")
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(tmp_path / "token"))
    with raw_server(saying(b""), saying(keys("ONE", clock, 3600))) as server:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url)
        assert CredentialSource(clock).get().access_key == "ONE"
    assert all(b"Authorization: from-the-file" in request for request in server.requests)


def test_without_any_there_is_an_error(clock: FakeClock) -> None:
    with pytest.raises(NoCredentialsError):
        CredentialSource(clock).get()
