"""Secrets are compared in constant time: checked in the source, since measuring time could not show it."""

import ast
import hmac
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from switchboard.exotel.webhooks import WebhookGate
from switchboard.foundation.errors import UnauthorizedError
from switchboard.provisioning.server_gate import ServerGate
from switchboard.web.request import Request
from tests.events import basic, request
from tests.fakes.secret import FakeSecret
from tests.sam_template import ROOT
from tests.unit.login.test_sessions import CLAIMS, TOKENS, signed

SOURCES = sorted([*(ROOT / "layers/switchboard/switchboard").rglob("*.py"), *(ROOT / "functions").glob("*/app.py")])
SECRET = re.compile(r"passw|secret|token|credential|signature|authorization|bearer|proof|session|(server|api)_key")
GATES = {
    "webhooks.py",
    "sessions.py",
    "server_gate.py",
}  # modules that check credentials, besides those that read requests
AT_THE_GATES = re.compile(SECRET.pattern + "|key|hash|digest|given|wanted")
_BY_VALUE = ast.Eq | ast.NotEq | ast.In | ast.NotIn
# comparisons of names that are no secret, or are not compared with a caller's value
PUBLIC = {
    "'fcm' not in secret": "whether it is there",
    "'apns' in secret": "whether it is there",
    "used[0] != secret": "whether our own secret was changed",
    "secret != self._made_from": "whether our own secret was changed",
    "self._token == refused": "whether our own token was renewed",
    "self in (TokenType.APNS, TokenType.APNS_VOIP)": "the type of a token",
    "'access_token' not in fields": "whether it is there",
    "other != token": "whether our own token was renewed",
    "_NOT_A_TOKEN in str(error.get('message', ''))": "a word of FCM's",
    "field in _TOKEN_FIELDS": "the name of a field",
    "signature != b'PK\\x01\\x02'": "the mark of a zip's parts",
    "scheme.lower() == 'bearer'": "a word of HTTP's",
    "key.lower() == name.lower()": "the name of a header",
    "'{secret}' in request.route": "a route of the template",
    "wanted != _UNMATCHABLE": "our own side, after the comparison",
    "subscriber.session_version == claims['ver']": "a mark in what we signed ourselves",
    "device.session_version != self.session_version": "two marks in our own table",
    "disabled == SESSIONS_ENDED": "a word of our own",
    "SESSIONS_ENDED in text(ended, 'reason')": "a word of our own",
    "part == given": "parts of a path and of a route",
    "uuid_of(call.account, call.callee, session) in call.pushes.values()": "a call's id, told to its phones",
    "token.strip().lower() in _NONE": "whether there is one",
}


def compared(text: str, names: re.Pattern[str]) -> Iterator[str]:
    """Yield the comparisons by value in a source that name something which might be secret."""
    for node in ast.walk(ast.parse(text)):
        by_value = isinstance(node, ast.Compare) and any(isinstance(op, _BY_VALUE) for op in node.ops)
        if by_value and names.search(ast.unparse(node).lower()):
            yield ast.unparse(node)


def at_a_gate(file: Path) -> bool:
    return file.name in GATES or file.parent.name == "web"


def test_every_secret_is_compared_in_constant_time() -> None:
    found = {
        text
        for file in SOURCES
        for text in compared(
            file.read_text(encoding="utf-8"),
            AT_THE_GATES if file.name in GATES or file.parent.name == "web" else SECRET,
        )
    }
    assert found - set(PUBLIC) == set(), "compare secrets by hmac.compare_digest"


@pytest.mark.parametrize("planted", ["key == sent", "password != row['password']", "x in tokens", "a == self.secret"])
def test_a_plain_comparison_of_a_secret_would_be_found(planted: str) -> None:
    assert list(compared(f"def admit():\n    return {planted}", AT_THE_GATES)) == [planted]


WEBHOOKS = WebhookGate(FakeSecret({"demo1m": {"user": "exotel", "password": "the-password", "path": "the-path"}}), "")
SERVERS = ServerGate(FakeSecret({"server_key": "the-server-key"}))
ACCOUNT, HOOK = "/v1/accounts/{accountSid}/callevents", "/v1/hooks/{secret}/accounts/{accountSid}/callevents"


def by_basic(password: str) -> Any:
    event = request("GET", "/v1/accounts/demo1m/callevents", route=ACCOUNT, headers=basic("exotel", password))
    return WEBHOOKS.admit(Request(event))


def by_path(path: str) -> Any:
    return WEBHOOKS.admit(Request(request("GET", f"/v1/hooks/{path}/accounts/demo1m/callevents", route=HOOK)))


def by_server_key(key: str) -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    return SERVERS.admit(Request(request("GET", "/v1/login", route="/v1/login", headers=headers)))


def by_session(key: str) -> Any:
    if TOKENS.read(signed(CLAIMS, key)) is None:
        raise UnauthorizedError("no_session", "")


def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return a list that each use of hmac.compare_digest adds to."""
    made: list[bool] = []
    compare = hmac.compare_digest

    def counted(one: bytes, other: bytes) -> bool:
        made.append(True)
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    return made


@pytest.mark.parametrize(
    ("admit", "right"),
    [
        (by_basic, "the-password"),
        (by_path, "the-path"),
        (by_server_key, "the-server-key"),
        (by_session, "a-key-for-tests-that-is-long-enough"),
    ],
)
def test_right_and_wrong_credentials_go_through_the_same_comparison(
    admit: Any, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = comparisons(monkeypatch)
    admit(right)
    once = len(asked)
    with pytest.raises(UnauthorizedError):
        admit("a-wrong-one-that-is-of-good-length")
    assert 1 <= once < len(asked)


def test_without_a_credential_the_same_comparison_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = comparisons(monkeypatch)
    for headers in ({}, basic("exotel", "wrong"), {"Authorization": "Basic ***"}):
        event = request("GET", "/v1/accounts/demo1m/callevents", route=ACCOUNT, headers=headers)
        with pytest.raises(UnauthorizedError):
            WEBHOOKS.admit(Request(event))
    assert len(asked) == 3 * 2  # before and after the secret is read anew
