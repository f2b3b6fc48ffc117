"""A user with phones, from login to a push: the whole API and the delivery, on one deployment."""

from itertools import count
from typing import Any

from tests.api_stack import PASSWORD, ApiStack, bearer
from tests.identity_stack import SERVER_KEY, SUBSCRIBER, Answer
from tests.push_stack import PushStack, push

_NUMBERS = count()


class UserWithPhones:
    """A subscriber of their own for each test; `S` of a route is their path."""

    def __init__(self, stack: ApiStack, relay: PushStack) -> None:
        self.stack = stack
        self.relay = relay
        self.name = f"user{next(_NUMBERS)}"
        stack.put("demo1m", self.name)

    def log_in(self, device_id: str) -> str:
        """Return a session from that phone."""
        who = {"user_name": self.name, "password": PASSWORD, "account_sid": "demo1m", "device_id": device_id}
        token: str = self.stack.ask("POST /v1/login", body=who).body["session_token"]
        return token

    def ask(self, route: str, credential: str = "", body: Any = None, **parameters: str) -> Answer:
        method, path = route.split()
        headers = bearer(credential) if credential else {}
        return self.stack.ask(
            f"{method} {path.replace('S', SUBSCRIBER, 1)}", headers, body, **{"name": self.name} | parameters
        )

    def as_server(self, method: str, body: Any = None) -> Answer:
        return self.ask(f"{method} S", SERVER_KEY, body)

    def register(self, token: str, session: str = "") -> str:
        """Return the token, made unlike any other user's."""
        own = f"{self.name}-{token}"
        assert self.ask("POST S/devicetoken", session, {"deviceToken": own}).status == 200
        return own

    def rung(self) -> list[str]:
        """Return the tokens that a new call rings."""
        before = len(self.relay.rang())
        assert self.relay.run(push(f"call-{next(_NUMBERS)}", self.name)) == []
        return sorted(self.relay.rang()[before:])

    def devices(self, credential: str) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = self.ask("GET S/devices", credential).body["devices"]
        return shown
