"""Login with fakes for everything outside the use case."""

import pytest

from switchboard.exotel.tokens import Phone
from switchboard.foundation.errors import SwitchboardError
from switchboard.login.login import Login
from switchboard.login.vend_token import VendToken
from switchboard.rate_limits.limits import Attempt
from switchboard.rate_limits.login_throttle import LoginThrottle
from switchboard.subscribers.subscriber import Device, Platform, Status, Subscriber
from tests.fakes.identity import (
    FakeAccounts,
    FakeExotel,
    FakeFamiliarOrigins,
    FakeIssuer,
    FakePasswords,
    FakeRateLimits,
    FakeSessions,
)
from tests.fakes.subscribers import FakeDevices, FakeSubscribers

PHONE = Phone("2fc4b5912826ad1", Platform.ANDROID)
ALICE = Subscriber("demo1m", "alice", Status.ACTIVE, "v1", "Alice", 1, 1, password_hash="hash of switchboard")


class Bench:
    def __init__(self, issuer: FakeIssuer | None = None, accounts: tuple[str, ...] = ("demo1m",)) -> None:
        self.devices = FakeDevices()
        self.subscribers = FakeSubscribers(self.devices)
        self.subscribers.put(ALICE)
        self.exotel = FakeExotel()
        self.passwords = FakePasswords()
        self.vend_token = VendToken(
            accounts=FakeAccounts(*accounts),
            subscribers=self.subscribers,
            devices=self.devices,
            exotel=self.exotel,
            sessions=FakeSessions(),
            passwords=self.passwords,
            throttle=LoginThrottle(FakeRateLimits(), FakeFamiliarOrigins(), lambda: 1000.0, lambda _: None),
            issuer=issuer,
            clock=lambda: 1000.0,
            monotonic=lambda: 5.0,
            new_version=lambda: "fresh",
        )

    def login(self, name: str = "alice", password: str = "switchboard", account: str = "demo1m") -> Login:  # noqa: S107
        who = Attempt(account, name, PHONE.device_id, "203.0.113.7")
        return self.vend_token.by_password(who, password, PHONE)

    def logout(self, device_token: str | None = None) -> list[Device]:
        """Log session-1 of phone-1 out; return the devices that were removed."""
        session = ("session-1", 5000)
        removed = self.vend_token.logout("demo1m", "alice", *session, phone="phone-1", device_token=device_token)
        return list(removed)

    def refusal(self, name: str = "alice", password: str = "switchboard", account: str = "demo1m") -> SwitchboardError:  # noqa: S107
        with pytest.raises(SwitchboardError) as refused:
            self.login(name, password, account)
        return refused.value


class RacedSubscribers(FakeSubscribers):
    """Another client creates the profile between our read and our write, or deletes it again."""

    def __init__(self, rival: Subscriber | None) -> None:
        super().__init__()
        self._rival = rival

    def replace(self, seen: Subscriber | None, subscriber: Subscriber) -> bool:
        if self._rival:
            self.put(self._rival)
        return False
