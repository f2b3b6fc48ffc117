"""A call that rings on the deployed stack, and what ends it."""

import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from local import demo
from local.calls.call_data import call_data
from tests.stack.conftest import ACCOUNT, EXOTEL, Api, wait_until

SERVER = {"Authorization": f"Bearer {demo.SERVER_KEY}"}
PATIENCE = 30


@dataclass
class Ringing:
    """A call from a user with one phone to a user with two, all this test's own."""

    api: Api
    caller: str = field(default_factory=lambda: f"a{uuid.uuid4().hex[:12]}")
    callee: str = field(default_factory=lambda: f"d{uuid.uuid4().hex[:12]}")
    sessions: list[dict[str, str]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    session_id: str = ""
    call_sid: str = ""

    def __post_init__(self) -> None:
        for name in (self.caller, self.callee):
            put = self.api.http.put(self.api.subscriber(name), json={"password": demo.PASSWORD}, headers=SERVER)
            assert put.is_success, put.text
        self.callers = self.api.login(self.caller, "phone-of-caller")

    def phone(self, **more: Any) -> str:
        """Register a phone of the callee's whose app understands a cancel, and return its token."""
        session = self.api.login(self.callee, f"phone-{len(self.sessions)}")
        body = {"deviceToken": f"fcm-{uuid.uuid4().hex}", "platform": "android", "knows": ["cancel"]} | more
        answer = self.api.http.post(self.api.subscriber(self.callee, "/devicetoken"), json=body, headers=session)
        assert answer.status_code == 200, answer.text
        self.sessions.append(session)
        self.tokens.append(body["deviceToken"])
        return str(body["deviceToken"])

    def dial(self) -> str:
        """Have the caller dial, and Exotel send the push; return the CallSid."""
        self.call_sid, self.session_id = uuid.uuid4().hex, secrets.token_hex(8)
        assert self.api.set_context(self.caller, self.callee, self.callers).is_success
        assert self.api.dial_whom(self.caller, self.call_sid).text == f"sip:{self.callee}"
        self.push()
        return self.call_sid

    def push(self) -> None:
        assert self.api.push(self.callee, call_data(self.caller, self.session_id)).status_code == 200

    def got(self, token: str) -> list[dict[str, Any]]:
        """Return the messages that a phone has got, with the time of each."""
        pushes = [one for one in self.api.stack.simulators.pushes.accepted() if one.token == token]
        return [{**one.data, "_at": one.at, "_push": one.as_json()} for one in pushes]

    def kinds(self, token: str) -> list[str]:
        return [one["type"] if one["type"] == "call" else one["reason"] for one in self.got(token)]

    def rung(self) -> str:
        """Wait until all phones ring; return the pushId."""
        wait_until(lambda: all(self.kinds(token) for token in self.tokens), PATIENCE)
        return str(self.got(self.tokens[0])[-1]["pushId"])

    def stopped(self, *tokens: str) -> None:
        """Wait until these phones have got a cancel, and everything is delivered."""
        wait_until(lambda: all(self.kinds(token)[-1] != "call" for token in tokens), PATIENCE)
        self.settled()

    def settled(self) -> None:
        wait_until(lambda: self.api.queued() == 0, PATIENCE)

    def ack(self, phone: int, push_id: str, state: str) -> httpx.Response:
        path = self.api.subscriber(self.callee, f"/pushes/{push_id}/ack")
        return self.api.http.post(path, json={"state": state}, headers=self.sessions[phone])

    def report(self, name: str, session: dict[str, str], event: str, **ids: str) -> None:
        body = {"name": event, "time": time.time(), **ids}
        assert self.api.http.post(self.api.subscriber(name, "/events"), json=body, headers=session).status_code == 202

    def agent(self, call_sid: str, event: str, *, names_caller: bool = True) -> None:
        """Send Exotel's agent pass-through."""
        about = {"CallSid": call_sid, "DialWhomNumber": f"sip:{self.callee}"}
        about |= {"CallFrom": f"sip:{self.caller}"} if names_caller else {}
        state = {"EventType": event, "Status": "free" if event == "Terminal" else "busy"}
        assert self.api.http.get(f"{ACCOUNT}/callevents", params=about | state, auth=EXOTEL).status_code == 200

    def passthru(self, call_sid: str, call_type: str, dial_status: str) -> None:
        about = {"CallSid": call_sid, "CallFrom": f"sip:{self.caller}", "CallType": call_type}
        query = about | {"DialCallStatus": dial_status}
        assert self.api.http.get(f"{ACCOUNT}/callevents", params=query, auth=EXOTEL).status_code == 200

    def change(self, status: str) -> None:
        answer = self.api.http.put(self.api.subscriber(self.callee), json={"status": status}, headers=SERVER)
        assert answer.is_success, answer.text
