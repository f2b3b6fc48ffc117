"""Requests to an Exotel that misbehaves, over real HTTP."""

import json
import time

import pytest

from switchboard.exotel.bounded_http import BoundedHttp
from switchboard.exotel.client import ExotelApi
from switchboard.exotel.tokens import Phone
from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import SwitchboardError
from switchboard.subscribers.subscriber import Platform
from tests.fakes.identity import account
from tests.fakes.raw_server import Behaviour, json_answer, saying

PHONE = Phone("2fc4b5912826ad1", Platform.ANDROID)
PATIENCE = 0.4  # seconds
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
TOKENS = {"subscriber_token": {"refresh_token": "r", "access_token": "a"}}


class Bench:
    def __init__(self) -> None:
        self.http = BoundedHttp()
        self.exotel = ExotelApi(self.http, lambda: 1_000.0)

    def ask(self, url: str, patience: float = PATIENCE) -> object:
        deadline = Deadline.after(patience, time.monotonic)
        return self.exotel.issue_token(account(api_host=url), "alice", PHONE, deadline)

    def refusal(self, url: str) -> SwitchboardError:
        began = time.monotonic()
        with pytest.raises(SwitchboardError) as refused:
            self.ask(url)
        assert time.monotonic() - began < PATIENCE + 0.5
        shown = f"{refused.value!r} {refused.value.message} {refused.value.__cause__!r}"
        assert not any(secret in shown for secret in ("key-of-demo1m", "token-of-demo1m", "Basic"))
        return refused.value


def enveloped(response: object) -> Behaviour:
    return saying(
        json_answer(json.dumps({"request_id": "1", "method": "POST", "http_code": 200, "response": response}))
    )
