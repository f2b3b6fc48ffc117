"""The customer's accounts, Exotel, an issuer, passwords, sessions and login counters in memory."""

from collections.abc import Mapping, Sequence

from switchboard.exotel.accounts import ExotelAccount
from switchboard.exotel.tokens import Phone, SubscriberToken
from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import SwitchboardError
from switchboard.login.login import Identity
from switchboard.rate_limits.limits import Limit, Reserved
from switchboard.subscribers.subscriber import Status, Subscriber

ACCESS_SECONDS, REFRESH_SECONDS = 1800, 86400


def account(sid: str = "demo1m", api_host: str = "https://exotel.example.com") -> ExotelAccount:
    return ExotelAccount(
        sid=sid,
        api_key=f"key-of-{sid}",
        api_token=f"token-of-{sid}",
        api_host=api_host,
        sdk_host="https://sdk.example.com/v2",
        exophone="08040408080",
    )


class FakeAccounts:
    """Implements ports.exotel.Accounts."""

    def __init__(self, *sids: str) -> None:
        self._accounts = {sid: account(sid) for sid in sids}

    def find(self, sid: str) -> ExotelAccount | None:
        return self._accounts.get(sid)

    def count(self) -> int:
        return len(self._accounts)


class FakeExotel:
    """Implements ports.exotel.Exotel. `calls` are its requests; `fault` is raised instead of an answer."""

    def __init__(self) -> None:
        self.statuses: dict[tuple[str, str], Status] = {}
        self.calls: list[str] = []
        self.fault: SwitchboardError | None = None
        self.forgetful = False
        self.now = 1_000

    def issue_token(
        self, account: ExotelAccount, name: str, phone: Phone, deadline: Deadline
    ) -> SubscriberToken | None:
        self._called(f"token {name} {phone.device_id} {phone.platform}")
        if (account.sid, name) not in self.statuses:
            return None
        serial = len(self.calls)
        return SubscriberToken(
            f"access-{serial}", f"refresh-{serial}", self.now + ACCESS_SECONDS, self.now + REFRESH_SECONDS
        )

    def create(self, account: ExotelAccount, name: str, deadline: Deadline) -> None:
        self._called(f"create {name}")
        if not self.forgetful:
            self.statuses.setdefault((account.sid, name), Status.ACTIVE)

    def set_status(self, account: ExotelAccount, name: str, status: Status, deadline: Deadline) -> bool:
        self._called(f"{status} {name}")
        if (account.sid, name) not in self.statuses:
            return False
        self.statuses[account.sid, name] = status
        return True

    def delete(self, account: ExotelAccount, name: str, deadline: Deadline) -> bool:
        self._called(f"delete {name}")
        return self.statuses.pop((account.sid, name), None) is not None

    def _called(self, call: str) -> None:
        self.calls.append(call)
        if self.fault:
            raise self.fault


class FakePasswords:
    """Implements ports.login.Passwords; `checked` counts the verifications."""

    def __init__(self) -> None:
        self.checked = 0

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def verify(self, password: str, password_hash: str | None) -> bool:
        self.checked += 1
        return password_hash == f"hash of {password}"


class FakeSessions:
    """Implements ports.login.Sessions."""

    def issue(self, subscriber: Subscriber, device_id: str) -> tuple[str, int]:
        return f"session of {subscriber.name} {subscriber.session_version}", 90_000


class FakeIssuer:
    """Implements ports.login.IdentityIssuer: a token is the subscriber's name."""

    def __init__(self, account: str | None = None) -> None:
        self._account = account

    def identify(self, token: str, deadline: Deadline) -> Identity:
        return Identity(token, self._account)


class FakeRateLimits:
    """Implements ports.login.RateLimits."""

    def __init__(self) -> None:
        self.attempts: dict[str, int] = {}
        self.failed: dict[str, int] = {}

    def reserve(self, limit: Limit, expires_at: int) -> Reserved:
        if self.attempts.get(limit.key, 0) >= limit.at_most:
            return Reserved.FULL if self.failed.get(limit.key, 0) >= limit.at_most else Reserved.BUSY
        self.attempts[limit.key] = self.attempts.get(limit.key, 0) + 1
        return Reserved.TAKEN

    def release(self, key: str) -> None:
        if self.attempts.get(key, 0) > 0:
            self.attempts[key] -= 1

    def count_failure(self, key: str) -> None:
        self.failed[key] = self.failed.get(key, 0) + 1


class FakeFamiliarOrigins:
    """Implements ports.login.FamiliarOrigins; `remembered` counts the updates."""

    def __init__(self) -> None:
        self.remembered = 0
        self._known: dict[tuple[str, str], dict[str, int]] = {}

    def of(self, account: str, name: str) -> Mapping[str, int]:
        return dict(self._known.get((account, name), {}))

    def remember(
        self, account: str, name: str, fresh: Sequence[str], forgotten: Sequence[str], expires_at: int
    ) -> None:
        self.remembered += 1
        kept = {key: expiry for key, expiry in self.of(account, name).items() if key not in forgotten}
        self._known[account, name] = kept | dict.fromkeys(fresh, expires_at)
