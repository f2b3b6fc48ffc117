"""The search for secrets in logs finds planted ones, and nothing in a normal line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.leaks import Secrets
from tests.sam_template import ROOT

JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmVk"
PUSH_TOKEN = "dEMOtoken0001:APA91bEXAMPLE"
LINE = '{"level":"INFO","message":"served","route":"POST /v1/login","subscriber":"alice","status":200,"took_ms":3.1}'


@pytest.mark.parametrize(
    ("leak", "what"),
    [
        (f'"session":"{JWT}"', "a JWT"),
        (f"registered {PUSH_TOKEN}", "a push token"),
        ("{'authorization': 'Basic ZXhvdGVsOnBhc3M='}", "a credential"),
        ("authorization=bearer 0123456789", "a credential"),
        ('{\\"password\\": \\"correct horse\\"}', "a password"),
        ("password=hunter2", "a password"),
        ("$argon2id$v=19$m=19456", "a password's hash"),
        ("-----BEGIN PRIVATE KEY-----", "a private key"),
        ("ya29.abc-def", "an OAuth token"),
        ("https://b.s3.amazonaws.com/a.zip?X-Amz-Signature=0f3c", "a signed address"),
    ],
)
def test_a_secret_with_a_form_is_found(leak: str, what: str) -> None:
    (found,) = Secrets().leaks(f"{LINE}\n{LINE[:-1]},{leak}}}\n{LINE}")
    assert found.startswith(f"{what} in: ")
    assert leak not in found


def test_a_secret_without_a_form_is_found_once_it_is_known() -> None:
    secrets = Secrets()
    secrets.know_message(
        "Bearer server-key-123456", b'{"deviceToken": "opaque-0123456", "more": [{"payload": "p-0123456789"}]}'
    )
    secrets.know_message("", b"payload=a-form-0123456&CallSid=not-a-secret-0123")
    for leak in ("server-key-123456", "opaque-0123456", "p-0123456789", "a-form-0123456"):
        assert secrets.leaks(f"{LINE} {leak}")
    assert secrets.leaks(f"{LINE} not-a-secret-0123") == Secrets().leaks(LINE) == []


PLANTED = f'''
from switchboard.subscribers.subscriber import Device, TokenType
from switchboard.runtime.log import logger

def test_that_logs_a_push_token():
    device = Device("opaque-token-0123456", TokenType.FCM, 1)
    logger.info("registered", extra={{"device": device.token}})

def test_that_prints_a_session():
    print("{JWT}")

def test_that_keeps_silent():
    Device("another-token-0123456", TokenType.FCM, 1)
    logger.info("registered")
'''


def test_a_test_whose_code_logs_a_secret_fails(tmp_path: Path) -> None:
    folder = tmp_path / "guarded"
    folder.mkdir()
    (folder / "test_planted.py").write_text(PLANTED)
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.leak_guard",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:schemathesis",
            folder,
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'layers' / 'switchboard'}", "LOG_LEVEL": "INFO"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 failed, 1 passed" in ran.stdout, ran.stdout
    assert "token in: " in ran.stdout
    assert "a JWT in: " in ran.stdout
