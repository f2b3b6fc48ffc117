"""Finds secrets in logs: by their form, or by a list of known values."""

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from local.demo import PASSWORD

FORMS = {
    "a JWT": re.compile(r"\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?"),
    "a push token": re.compile(r"[\w-]{4,}:APA91[\w-]*"),
    "a credential": re.compile(r"\b(?:Bearer|Basic) +(?!credential|\[redacted\])[\w+/=.~-]{8,}", re.IGNORECASE),
    "a password": re.compile(r"\bpassword\\?[\"']?\s*[:=]\s*\\?[\"']?(?!\[redacted\])[^\s\"',}\\]+", re.IGNORECASE),
    "a password's hash": re.compile(r"\$argon2\w*\$"),
    "a private key": re.compile(r"PRIVATE KEY"),
    "an OAuth token": re.compile(r"\bya29\.[\w-]+"),
    "a signed address": re.compile(r"X-Amz-(?:Signature|Credential|Security-Token)=\w+"),
}
# names of fields whose values are secret
NAMES = {
    *("password", "deviceToken", "payload", "token", "session_token", "access_token", "refresh_token"),
    *("path", "server_key", "api_key", "api_token", "key", "private_key", "password_hash"),
}
SHORTEST = 10  # characters; shorter values and those with few letters are in logs by chance
FEWEST_LETTERS = 7
PUBLIC = {PASSWORD}  # the demo's, which is also a word of every log


class Secrets:
    """Known secrets that were sent, issued or stored; the last `most` of them."""

    def __init__(self, most: int = 100_000) -> None:
        self._known: dict[str, str] = {}
        self._most = most

    def know(self, what: str, value: object) -> None:
        if not isinstance(value, str) or len(value) < SHORTEST or len(set(value)) < FEWEST_LETTERS:
            return
        if value not in PUBLIC and not any(form.fullmatch(value) for form in FORMS.values()):
            self._known.pop(value, None)
            self._known[value] = what
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]

    def know_fields(self, body: object) -> None:
        """Add the values of secret fields, however deep."""
        if isinstance(body, Mapping):
            for name, value in body.items():
                if name in NAMES:
                    self.know(str(name), value)
                self.know_fields(value)
        elif isinstance(body, list):
            for one in body:
                self.know_fields(one)

    def know_message(self, authorization: str, body: bytes) -> None:
        """Add the secrets of an HTTP message: its credential, and fields of its JSON or form."""
        self.know("Authorization", authorization.partition(" ")[2])
        text = body.decode("utf-8", "replace")
        try:
            self.know_fields(json.loads(text))
        except (ValueError, RecursionError):
            self.know_fields(dict(parse_qsl(text)))

    def leaks(self, text: str) -> list[str]:
        """Return which secrets the text holds, and where, without the secrets."""
        return sorted({f"{what} in: {around}" for what, around in self._found(text)})

    def _found(self, text: str) -> Iterator[tuple[str, str]]:
        for what, form in FORMS.items():
            for match in form.finditer(text):
                yield what, _around(text, match.start())
        for value, what in list(self._known.items()):
            if (at := text.find(value)) >= 0:
                yield what, _around(text, at)


def _around(text: str, at: int) -> str:
    return f"{text[max(at - 100, 0) : at + 3]}…".rpartition("\n")[2]
