"""Parsers of untrusted input under libFuzzer, which is guided by coverage: `make fuzz` runs it.

python -m tests.fuzz.libfuzzer exotel|session [libFuzzer's options]
"""

import base64
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["switchboard", "jwt"]):
    import jwt

    from switchboard.call_events.events import event_of
    from switchboard.exotel.webhooks import WebhookGate
    from switchboard.foundation.caller_ids import name_in
    from switchboard.foundation.errors import SwitchboardError
    from switchboard.login.sessions import SessionTokens
    from switchboard.provisioning.server_gate import ServerGate
    from switchboard.pushes.body import push_fields
    from switchboard.pushes.payload import caller_in, push_of
    from switchboard.web.form_body import fields_in
    from switchboard.web.request import Request

from tests.fakes.secret import FakeSecret

KEY = "a-key-for-tests-that-is-long-enough"
SECRET: dict[str, object] = {
    "server_key": "a-key",
    "demo1m": {"user": "exotel", "password": "a-password", "path": "a-path"},
}


class Kept:
    """The session key."""

    def signing(self) -> tuple[str, str]:
        return "kid-1", KEY

    def verifying(self, key_id: str) -> str | None:
        return KEY if key_id == "kid-1" else None


WEBHOOKS, SERVERS = WebhookGate(FakeSecret(SECRET), ""), ServerGate(FakeSecret(SECRET))
SESSIONS = SessionTokens(Kept(), 1, lambda: 1000.0, lambda: "jti-1")


def event(data: "atheris.FuzzedDataProvider") -> dict[str, object]:
    """An HTTP API event whose every part comes from outside."""
    return {
        "routeKey": data.PickValueInList(["POST /v1/hooks/{secret}/accounts/{accountSid}/x", "POST /v1/x"]),
        "rawQueryString": data.ConsumeUnicode(60),
        "headers": {"authorization": data.ConsumeUnicode(60), "content-type": data.ConsumeUnicode(40)},
        "pathParameters": {"accountSid": data.PickValueInList(["demo1m", "x"]), "secret": data.ConsumeUnicode(10)},
        "isBase64Encoded": data.ConsumeBool(),
        "body": data.ConsumeUnicode(1000),
    }


def exotel(content: bytes) -> None:
    """What Exotel's routes read: the credential, then the query and the body of pushes and call events."""
    request = Request(event(atheris.FuzzedDataProvider(content)))
    for parse in (
        lambda: WEBHOOKS.admit(request),
        lambda: name_in(request.query.get("CallFrom", "")),
        lambda: push_of("demo1m", push_fields(request.body, request.header("content-type")), "p1", 1),
        lambda: event_of("demo1m", {**request.query, **fields_in(request.body, request.header("content-type"))}, 1),
    ):
        _refused_at_most(parse)


def session(content: bytes) -> None:
    """What stands in Authorization: a session, the server key; and the payload of a push, which is a JWT too."""
    data = atheris.FuzzedDataProvider(content)
    text = _jwt(data) if data.ConsumeBool() else data.ConsumeUnicode(400)
    request = Request({"headers": {"authorization": f"Bearer {text}"}})
    _refused_at_most(lambda: SERVERS.admit(request))
    claims = SESSIONS.read(request.bearer())
    if claims is not None:  # then our own key must give the same signature
        jwt.decode(request.bearer(), KEY, algorithms=["HS256"], options={"verify_exp": False})
    caller_in(text)


def _jwt(data: "atheris.FuzzedDataProvider") -> str:
    """Three parts; the first one is sometimes ours or begins like it, so that signatures are checked at all."""
    head = data.PickValueInList([b"", b'{"alg":"HS256","kid":"kid-1"', b'{"kid":"kid-1","alg":"none"'])
    whole = b'{"alg":"HS256","kid":"kid-1","typ":"JWT"}' if data.ConsumeBool() else head + data.ConsumeBytes(60)
    parts = whole, data.ConsumeBytes(200), data.ConsumeBytes(40)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def _refused_at_most(parse: Callable[[], object]) -> None:
    try:
        parse()
    except SwitchboardError:
        return


if __name__ == "__main__":
    targets = {"exotel": exotel, "session": session}
    atheris.Setup([sys.argv[0], *sys.argv[2:]], targets[sys.argv[1]])
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):  # for the metrics of refusals
        atheris.Fuzz()
