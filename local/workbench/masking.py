"""Hides secrets in what a browser or a terminal shows of a request."""

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlencode

SECRET_HEADERS = ("authorization", "cookie", "set-cookie", "proxy-authorization", "x-amz-security-token")
SECRET_FIELDS = {
    *("password", "session_token", "access_token", "refresh_token", "subscriber_token", "id_token", "payload"),
    *("devicetoken", "token", "x-amz-signature", "x-amz-credential", "api_token", "server_key", "secret"),
}
SHOWN_OF_A_SECRET, LONG_ENOUGH = 4, 16  # characters; of a shorter secret nothing is shown
LARGEST_SHOWN = 16_384  # characters of a body
_TOKEN = re.compile(r"eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?")  # a JWT, wherever it stands
_HOOK = re.compile(r"/hooks/[^/?]+")


def short(secret: str) -> str:
    """Return the ends of a secret, enough to tell two apart."""
    if len(secret) < LONG_ENOUGH:
        return "•••"
    return f"{secret[:SHOWN_OF_A_SECRET]}…{secret[-SHOWN_OF_A_SECRET:]}"


def headers(given: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return headers as they may be shown: of credentials their scheme."""
    return [(name, _header(name, value)) for name, value in given]


def target(raw: str) -> str:
    """Return a path with its query as it may be shown."""
    path, question, query = raw.partition("?")
    return _HOOK.sub("/hooks/•••", _text(path)) + question + (_form(query) if "=" in query else _text(query))


def body(content: bytes, content_type: str) -> str:
    """Return a body as it may be shown; of what is neither JSON, a form nor plain text only the size."""
    kind = content_type.partition(";")[0].strip().lower()
    if not content:
        return ""
    try:
        text = content.decode()
        if kind == "application/json" or text[:1] in "{[":
            return _cut(json.dumps(_masked(json.loads(text)), indent=2, ensure_ascii=False))
        if kind == "application/x-www-form-urlencoded":
            return _cut(_form(text))
    except ValueError:
        return f"({len(content)} bytes that are no {kind or 'text'})"
    return _cut(_text(text)) if kind == "text/plain" else f"({len(content)} bytes of {kind or 'no type'})"


def _header(name: str, value: str) -> str:
    if name.lower() in SECRET_HEADERS:
        scheme, _, secret = value.partition(" ")
        return f"{scheme} •••" if secret else "•••"
    return _text(value)


def _masked(value: object, name: str = "") -> object:
    match value:
        case Mapping():
            return {key: _masked(one, str(key)) for key, one in value.items()}
        case list():
            return [_masked(one, name) for one in value]
        case str() if name.lower() in SECRET_FIELDS:
            return short(value)
        case str():
            return _text(value)
    return value


def _form(text: str) -> str:
    fields = parse_qsl(text, keep_blank_values=True)
    return urlencode([(name, str(_masked(value, name))) for name, value in fields], safe=":,•…@/ ")


def _text(text: str) -> str:
    return _TOKEN.sub(lambda found: short(found[0]), text)


def _cut(text: str) -> str:
    return (
        text if len(text) <= LARGEST_SHOWN else f"{text[:LARGEST_SHOWN]}\n… {len(text) - LARGEST_SHOWN} more characters"
    )
