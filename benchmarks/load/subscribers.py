"""The subscribers of a load, each with one phone and a session, and what the API says of their calls afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from local import demo
from local.stack import LocalStack

ACCOUNT = f"/v1/accounts/{demo.ACCOUNT}"
PER_PAGE = 50


@dataclass(frozen=True)
class Subscribers:
    """A running stack and the sessions of the callers, by name."""

    stack: LocalStack
    http: httpx.Client
    sessions: dict[str, str]

    def histories(self) -> dict[str, str | None]:
        """Return the outcome of every call in the callers' histories, by CallSid."""
        return dict(call for name in self.sessions for call in self._history(name))

    def _history(self, name: str) -> Iterator[tuple[str, str | None]]:
        headers, cursor = {"Authorization": f"Bearer {self.sessions[name]}"}, ""
        while True:
            query = {"limit": str(PER_PAGE)} | ({"cursor": cursor} if cursor else {})
            page = self.http.get(_own(name, "calls"), params=query, headers=headers).raise_for_status().json()
            yield from ((call["call_sid"], call["outcome"]) for call in page["calls"])
            if not (cursor := page["cursor"]):
                return

    def waiting(self, queue: str) -> int:
        """Return how many messages a queue holds, those being worked on too."""
        return self.stack.aws.queued(self.stack.deployment.resources[queue])


@contextmanager
def subscribers(stack: LocalStack, count: int) -> Iterator[Subscribers]:
    """Create so many subscribers through the API, log them in, and register a phone of each."""
    with httpx.Client(base_url=stack.base_url, timeout=60) as http:
        names = [f"load{number:02}" for number in range(count)]
        yield Subscribers(stack, http, {name: _logged_in_with_phone(http, name) for name in names})


def _logged_in_with_phone(http: httpx.Client, name: str) -> str:
    phone = demo.first_phone(name)
    server = {"Authorization": f"Bearer {demo.SERVER_KEY}"}
    http.put(_own(name), json={"password": demo.PASSWORD}, headers=server).raise_for_status()
    login = {"user_name": name, "password": demo.PASSWORD, "account_sid": demo.ACCOUNT, "device_id": phone.device_id}
    session = str(http.post("/v1/login", json=login).raise_for_status().json()["session_token"])
    device = {"deviceToken": phone.token, "platform": phone.platform, "deviceId": phone.device_id}
    user = {"Authorization": f"Bearer {session}"}
    http.post(_own(name, "devicetoken"), json=device, headers=user).raise_for_status()
    return session


def _own(name: str, resource: str = "") -> str:
    return f"{ACCOUNT}/subscribers/{name}" + (f"/{resource}" if resource else "")
