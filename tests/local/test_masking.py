"""What a browser or a terminal may see of a request."""

import json

import pytest

from local.calls.call_data import call_data
from local.workbench import masking

SESSION = call_data("alice", "a-session-of-alice")
TOKEN = "dQw4w9WgXcQ:APA91bF-secret-secret-secret"


@pytest.mark.parametrize("name", ["Authorization", "authorization", "Cookie", "SET-COOKIE", "X-Amz-Security-Token"])
@pytest.mark.parametrize("value", [f"Bearer {SESSION}", "Basic ZXhvdGVsOnNlY3JldA==", "local-server-key", SESSION])
def test_credentials_in_headers_are_hidden(name: str, value: str) -> None:
    [(_, shown)] = masking.headers([(name, value)])
    assert value.rsplit(maxsplit=1)[-1] not in shown
    assert shown in ("•••", "Bearer •••", "Basic •••")


@pytest.mark.parametrize("field", sorted(masking.SECRET_FIELDS))
def test_secret_fields_of_json_and_forms_are_hidden(field: str) -> None:
    for written in (field, field.upper()):
        shown = masking.body(json.dumps({"a": [{written: TOKEN}], "n": 1}).encode(), "application/json; charset=utf-8")
        assert TOKEN not in shown
        assert json.loads(shown)["n"] == 1
        form = masking.body(f"{written}={TOKEN}&name=bob".encode(), "application/x-www-form-urlencoded")
        assert (TOKEN in form, "name=bob" in form) == (False, True)
        assert TOKEN not in masking.target(f"/v1/x?{written}={TOKEN}")


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/x-www-form-urlencoded"])
def test_a_jwt_is_hidden_wherever_it_stands(kind: str) -> None:
    content = {"text/plain": f"x {SESSION} y", "application/json": json.dumps({"odd": f"Bearer {SESSION}"})}
    shown = masking.body(content.get(kind, f"odd={SESSION}").encode(), kind)
    assert SESSION.split(".")[1] not in shown
    assert SESSION.split(".")[1] not in masking.target(f"/v1/{SESSION}/x")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'--b\r\nname="deviceToken"\r\n\r\nsecret-token\r\n--b--', "multipart/form-data; boundary=b"),
        (b"secret-token", ""),
        (b"\xff\xfe secret-token", "text/plain"),
        (b'{"password": "secret-token"', "application/json"),
        (b"<a>secret-token</a>", "application/xml"),
    ],
)
def test_of_other_bodies_only_the_size_is_shown(content: bytes, kind: str) -> None:
    shown = masking.body(content, kind)
    assert "secret-token" not in shown
    assert str(len(content)) in shown


def test_the_secret_path_is_hidden_and_what_is_harmless_stays() -> None:
    assert masking.target("/v1/hooks/local-hook/accounts/a/callevents?CallSid=c1&CallFrom=sip:bob") == (
        "/v1/hooks/•••/accounts/a/callevents?CallSid=c1&CallFrom=sip:bob"
    )
    assert masking.body(b"sip:bob", "text/plain; charset=utf-8") == "sip:bob"
    assert masking.short("0123456789abcdefghij") == "0123…ghij"
    assert masking.short("fifteen-letters") == "•••"


def test_a_long_body_is_cut() -> None:
    shown = masking.body(json.dumps({"text": "x" * 50_000}).encode(), "application/json")
    assert len(shown) < masking.LARGEST_SHOWN + 50
    assert shown.endswith("more characters")
