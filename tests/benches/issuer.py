"""Checking id tokens of a simulated issuer over real HTTP."""

import time

import pytest

from switchboard.exotel.bounded_http import BoundedHttp
from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import (
    UnauthorizedError,
)
from switchboard.login.issuer import OidcIssuer
from switchboard.login.issuer_keys import IssuerKeys
from switchboard.login.login import Identity
from tests.fakes.issuer_server import (
    IssuerServer,
)


class Bench:
    def __init__(self, server: IssuerServer) -> None:
        self.server = server
        self.http = BoundedHttp()
        self.now = 1_700_000_000.0
        self.claim, self.audience = "sub", "app"
        self.keys = self.keys_of(server.url)

    def keys_of(self, issuer: str) -> IssuerKeys:
        return IssuerKeys(issuer, self.http, lambda: self.now)

    def identify(self, token: str, *, later: float = 0.0, patience: float = 5) -> Identity:
        issuer = OidcIssuer(self.server.url, self.audience, self.claim, self.keys, lambda: time.time() + later)
        return issuer.identify(token, Deadline.after(patience, time.monotonic))

    def refuse(self, token: str, *, later: float = 0.0) -> None:
        with pytest.raises(UnauthorizedError) as refused:
            self.identify(token, later=later)
        assert refused.value.code == "bad_id_token"
        assert token[:20] not in refused.value.message or not token
