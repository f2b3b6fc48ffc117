"""Sends one app's requests to APNs: one connection to each environment, and the team's provider token."""

import time
from collections.abc import Mapping
from threading import Lock

from switchboard.foundation.clock import Clock
from switchboard.pushes.apns_answers import Then, rule_of
from switchboard.pushes.apns_app import ApnsApp
from switchboard.pushes.apns_connection import FAULTS, Answer, ApnsConnection, EventLoop, tls_of
from switchboard.pushes.apns_message import Notification
from switchboard.pushes.apns_provider_token import ProviderTokens
from switchboard.pushes.push import Delivery, Outcome
from switchboard.subscribers.subscriber import Device, Environment

_LOOP = EventLoop()
_CONNECTIONS: dict[tuple[str, str, str | None], ApnsConnection] = {}  # one for each team, host and root certificate
_LOCK = Lock()


class ApnsSender:
    """Sends for one app. Thread-safe."""

    def __init__(self, app: ApnsApp, connections: Mapping[Environment, ApnsConnection], clock: Clock) -> None:
        """Take the connections of the app's team. Raises ValueError for an invalid key."""
        self._tokens = ProviderTokens(app.key, app.key_id, app.team_id)
        self._connections = connections
        self._clock = clock

    def prepare(self) -> None:
        """Sign the provider token."""
        self._tokens.token(self._clock())

    def send(self, device: Device, request: Notification, until: float) -> Answer | Delivery:
        """Send once, and once more with another provider token if Apple says that this one has expired.

        Returns Apple's answer, or the outcome where there is none by `until`, a time of the monotonic clock.
        """
        token = self._tokens.token(self._clock())
        answer = self._sent(device, request, token, until)
        if isinstance(answer, Answer) and rule_of(answer.status, answer.reason).then is Then.NEW_TOKEN:
            return self._sent(device, request, self._tokens.renewed(token, self._clock()), until)
        return answer

    def _sent(self, device: Device, request: Notification, token: str, until: float) -> Answer | Delivery:
        connection = self._connections[device.environment or Environment.PRODUCTION]
        headers = {**request.headers, "authorization": f"bearer {token}", "content-type": "application/json"}
        posting = connection.post(f"/3/device/{device.token}", headers, request.body)
        try:
            return _LOOP.run(posting, until - time.monotonic())
        except (*FAULTS, TimeoutError) as fault:
            return Delivery(Outcome.RETRY, f"APNs {type(fault).__name__}")


def connections(
    team_id: str, urls: Mapping[Environment, str], root_certificate: str | None
) -> Mapping[Environment, ApnsConnection]:
    """Return the process's connections of a team, whichever of its keys and apps they are used with.

    `root_certificate` is in PEM, None for the usual ones.
    """
    with _LOCK:
        for url in urls.values():
            kept_as = (team_id, url, root_certificate)
            if kept_as not in _CONNECTIONS:
                _CONNECTIONS[kept_as] = ApnsConnection(url, tls_of(root_certificate))
        return {environment: _CONNECTIONS[team_id, url, root_certificate] for environment, url in urls.items()}
