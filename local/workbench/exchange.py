"""A request of the API with its answer: who sent it, which call it belongs to."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from local import demo
from local.calls.call_data import session_in
from local.workbench import masking

_SUBSCRIBER = re.compile(r"^/v1/accounts/[^/]+/subscribers/([^/?]+)")
_ACCOUNT = re.compile(r"^/v1/(?:hooks/[^/]+/)?accounts/[^/]+")
_ID = re.compile(r"(?<=/pushes/)[^/]+|(?<=/devices/)[^/]+")
_EXOTELS = ("dialtonumber", "pushtoclient", "callevents")
_IDS = ("CallSid", "callId", "pushId", "sessionId")


@dataclass(frozen=True)
class Message:
    """The headers and the body of a request or an answer."""

    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """Return a header's value, or ""."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields of a JSON object or a form; {} for any other body."""
        try:
            found = json.loads(self.body)
            return found if isinstance(found, dict) else {}
        except ValueError:
            form = "urlencoded" in self.header("content-type")
            return dict(parse_qsl(self.body.decode(errors="replace"))) if form else {}

    def shown(self) -> dict[str, object]:
        """Return what may be shown of it."""
        return {"headers": masking.headers(self.headers), "body": masking.body(self.body, self.header("content-type"))}


@dataclass
class Exchange:
    """A request and its answer; `at` in epoch milliseconds, `took_ms` until the answer was complete."""

    number: int
    at: int
    method: str
    target: str
    request: Message
    status: int
    answer: Message
    took_ms: int
    ids: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Find the ids of the call that it belongs to."""
        self.ids = list(dict.fromkeys(self._ids()))

    @property
    def path(self) -> str:
        """The path without its query."""
        return self.target.partition("?")[0]

    @property
    def route(self) -> str:
        """The path with `S` for a subscriber's and `…` for an account's, and without ids."""
        for form, written in ((_SUBSCRIBER, "S"), (_ACCOUNT, "…")):
            if form.match(self.path):
                return _ID.sub("{id}", form.sub(written, self.path, count=1))
        return masking.target(self.path)

    @property
    def who(self) -> str:
        """Exotel, the customer's server, or the user whose app sent it; "" where that is not known."""
        if self.path.rpartition("/")[2] in _EXOTELS:
            return "Exotel"
        if self.request.header("authorization") == f"Bearer {demo.SERVER_KEY}":
            return "your server"
        named = _SUBSCRIBER.match(self.path)
        return unquote(named[1]) if named else str(self.request.fields.get("user_name", ""))[:16]

    @property
    def request_id(self) -> str:
        """The request's id in the functions' log lines; text answers have none."""
        return str(self.answer.fields.get("request_id", ""))

    @property
    def caller(self) -> str:
        """Whom Dial Whom is about; "" for other requests."""
        query = dict(parse_qsl(self.target.partition("?")[2]))
        return query.get("CallFrom", "").removeprefix("sip:") if self.path.endswith("dialtonumber") else ""

    def row(self) -> dict[str, object]:
        """Return the line of a list of requests."""
        return {
            "number": self.number,
            "at": self.at,
            "who": self.who,
            "method": self.method,
            "route": self.route,
            "status": self.status,
            "took_ms": self.took_ms,
            "request_id": self.request_id,
            "code": str(self.answer.fields.get("code", "")) if self.status >= 400 else "",
            "ids": self.ids,
        }

    def details(self) -> dict[str, object]:
        """Return everything that may be shown."""
        about = {"target": masking.target(self.target), "request": self.request.shown(), "answer": self.answer.shown()}
        return self.row() | about

    def _ids(self) -> Iterator[str]:
        if named := re.search(r"/pushes/([\w-]{1,64})/ack$", self.path):
            yield named[1]
        query = dict(parse_qsl(self.target.partition("?")[2]))
        events = self.request.fields.get("events")
        for fields in (query, self.request.fields, *(events if isinstance(events, list) else ())):
            if isinstance(fields, Mapping):
                yield from (str(fields[name])[:128] for name in _IDS if fields.get(name))
        if session := session_in(str(self.request.fields.get("payload", ""))):
            yield session
