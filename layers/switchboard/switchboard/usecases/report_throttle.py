"""Bounds how much one subscriber's apps may report: an app gone wild must not cost its customer dearly."""

import hashlib
from dataclasses import dataclass

from switchboard.domain.errors import TooManyRequestsError
from switchboard.domain.login_limits import Limit, Reserved
from switchboard.ports.clock import Clock
from switchboard.ports.login import LoginAttempts

WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ReportThrottle:
    """Counts requests in fixed windows of a minute, in the store that counts logins: these give no place back."""

    attempts: LoginAttempts
    clock: Clock

    def __call__(self, account: str, name: str, what: str, per_minute: int) -> None:
        """Count one request of the subscriber's for `what`. Raises TooManyRequestsError."""
        now = int(self.clock())
        window = now // WINDOW_SECONDS
        ends = (window + 1) * WINDOW_SECONDS
        who = hashlib.sha256("\0".join((what, account, name, str(window))).encode()).hexdigest()
        if self.attempts.reserve(Limit(f"report#{who}", per_minute), ends) is not Reserved.TAKEN:
            raise TooManyRequestsError("too_many_reports", "too many reports: send them later", retry_after=ends - now)
