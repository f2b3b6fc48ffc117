"""Session tokens: ours are accepted, all others refused."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace

import jwt
import pytest

from switchboard.login.sessions import SessionTokens
from switchboard.subscribers.subscriber import Status, Subscriber, phone_key

KEY = "a-key-for-tests-that-is-long-enough"
ALICE = Subscriber("demo1m", "alice", Status.ACTIVE, "v1", "Alice", 0, 0)


class OneKey:
    def signing(self) -> tuple[str, str]:
        return "kid-1", KEY

    def verifying(self, key_id: str) -> str | None:
        return KEY if key_id == "kid-1" else None


TOKENS = SessionTokens(OneKey(), 1, lambda: 1000.0, lambda: "jti-1")
CLAIMS = {"iss": "switchboard", "sub": "alice", "acc": "demo1m", "ver": "v1", "phone": "p", "jti": "j"} | {
    "iat": 1,
    "exp": 9999999999,
}


def part(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def signed(claims: Mapping[str, object], key: str = KEY, algorithm: str = "HS256", **header: object) -> str:
    return jwt.encode(dict(claims), key, algorithm=algorithm, headers={"kid": "kid-1"} | header)


def test_what_was_issued_is_read_even_after_it_expired() -> None:
    token, expires_at = TOKENS.issue(ALICE, "a-phone")
    claims = TOKENS.read(token)
    assert claims is not None
    assert (claims["sub"], claims["acc"], claims["ver"], claims["jti"]) == ("alice", "demo1m", "v1", "jti-1")
    assert claims["exp"] == expires_at == 4600


def test_a_session_knows_its_phone_and_does_not_show_the_device_id() -> None:
    phones = [
        TOKENS.read(TOKENS.issue(who, device_id)[0])["phone"]  # type: ignore[index]
        for who in (ALICE, replace(ALICE, name="bob"), replace(ALICE, account="other1m"))
        for device_id in ("2fc4b5912826ad1", "2fc4b5912826ad2")
    ]
    assert len(set(phones)) == 6
    assert phones[0] == phone_key("demo1m", "alice", "2fc4b5912826ad1")
    assert not any("2fc4" in phone for phone in phones)


NOT_OURS = {
    "alg none": f"{part({'alg': 'none', 'kid': 'kid-1'})}.{part(CLAIMS)}.",
    "another key": signed(CLAIMS, "another-key-that-is-just-as-long-as-ours"),
    "another algorithm of ours": signed(CLAIMS, KEY * 2, "HS512"),
    "an unknown key id": signed(CLAIMS, kid="kid-2"),
    "a path as key id": signed(CLAIMS, kid="../../dev/null"),
    "no key id": jwt.encode(CLAIMS, KEY, algorithm="HS256"),
    "a number as key id": f"{part({'alg': 'HS256', 'kid': 1})}.{part(CLAIMS)}.c2ln",
    "another issuer": signed(CLAIMS | {"iss": "https://exotel.com"}),
    "no phone": signed({key: value for key, value in CLAIMS.items() if key != "phone"}),
    "no account": signed({key: value for key, value in CLAIMS.items() if key != "acc"}),
    "no expiry": signed({key: value for key, value in CLAIMS.items() if key != "exp"}),
    "a header without end": f"{part('[' * 50_000)}.e30.c2ln",
    "claims without end": f"{part({'alg': 'HS256', 'kid': 'kid-1'})}.{part('[' * 50_000)}.c2ln",
    "a list as header": f"{part([])}.e30.c2ln",
    "no parts": "any-string",
    "another script": "é.ü.ß",
    "nothing": "",
}


@pytest.mark.parametrize("token", NOT_OURS.values(), ids=NOT_OURS.keys())
def test_what_we_did_not_issue_is_not_ours(token: str) -> None:
    assert TOKENS.read(token) is None
