"""Firebase Cloud Messaging, with the service account that `switchboard setup` put into the PushSecret."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from requests import RequestException

from switchboard.foundation.aged_value import AgedValue, Fetched
from switchboard.foundation.clock import Clock
from switchboard.foundation.errors import NotConfiguredError
from switchboard.foundation.secret import Secret
from switchboard.pushes.fcm_client import FcmClient
from switchboard.pushes.fcm_message import VALIDATED_ONLY, delivery_of, message
from switchboard.pushes.google_oauth import OAuthRefusedError
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.push import Delivery, Outcome
from switchboard.subscribers.subscriber import Device

_LOOK_SECONDS = 60.0  # between two checks for a changed secret, which has a cache of its own

_SHARED = ""  # the project of all accounts without one of their own
NOT_SET_UP = "FCM is not set up"


class FcmGateway:
    """Implements PushGateway for FCM's tokens, with the account's own Firebase project if it has one.

    PushSecret is `{fcm: <service account>, apns: {…}, accounts: {sid: {fcm?, apns?}}?, fcm_base_url?: "http://…"}`.
    """

    def __init__(self, secret: Secret, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock
        self._used: dict[str, tuple[Mapping[str, Any], FcmClient]] = {}
        self._clients = defaultdict(lambda: AgedValue[FcmClient](clock), {_SHARED: AgedValue[FcmClient](clock)})

    def send(self, push: Pushed, device: Device, *, expires_at_ms: int, now_ms: int) -> Delivery:
        """Send once. Raises NotConfiguredError, and AwsError if the secret cannot be read."""
        secret = self._secret.value()
        project = _project(secret, push.account)
        if not _service_account(secret, project) and "apns" in secret:
            return Delivery(Outcome.UNSUPPORTED_TOKEN, NOT_SET_UP)
        made = message(push, device, expires_at_ms=expires_at_ms, now_ms=now_ms)
        return self._sent(project, lambda client: client.json_dumps({"message": made}))

    def validate(self, account: str = "") -> Delivery:
        """Send FCM a message for validation only, to check that it accepts our credentials."""
        return self._sent(_project(self._secret.value(), account), lambda _: VALIDATED_ONLY)

    def connect(self) -> None:
        """Fetch the secret and a token, so that the first push need not wait for them."""
        self._client(_SHARED).connect()

    def _client(self, project: str) -> FcmClient:
        return self._clients[project].get(partial(self._connected, project))

    def _sent(self, project: str, written: Callable[[FcmClient], bytes]) -> Delivery:
        try:
            client = self._client(project)
        except ValueError:
            return Delivery(Outcome.CONFIGURATION_FAULT, "PushSecret has no valid service account key")
        payload = written(client)
        try:
            return delivery_of(client.send_request(payload))
        except OAuthRefusedError as refusal:
            passing = refusal.status in (200, 429) or refusal.status >= 500  # 200: the body has no token
            return Delivery(Outcome.RETRY if passing else Outcome.CONFIGURATION_FAULT, str(refusal))
        except RequestException as fault:
            return Delivery(Outcome.RETRY, type(fault).__name__)

    def _connected(self, project: str) -> Fetched[FcmClient]:
        """Return a client for the current secret; the existing one, with its token, if the secret has not changed."""
        secret = self._secret.value()
        used = self._used.get(project)
        if used is None or used[0] != secret:
            account = _service_account(secret, project)
            if "fcm" not in secret and project == _SHARED:
                raise NotConfiguredError("not_configured", "PushSecret has no `fcm`: run `switchboard setup`")
            if not isinstance(account, Mapping):
                raise ValueError
            used = (secret, FcmClient(account, base_url=secret.get("fcm_base_url"), clock=self._clock))
            self._used[project] = used
        return Fetched(used[1], _LOOK_SECONDS)


def _project(secret: Mapping[str, Any], account: str) -> str:
    """Return the account if it has a Firebase project of its own, else _SHARED."""
    own = secret.get("accounts")
    return account if isinstance(own, Mapping) and (own.get(account) or {}).get("fcm") else _SHARED


def _service_account(secret: Mapping[str, Any], project: str) -> object:
    return secret.get("fcm") if project == _SHARED else secret["accounts"][project]["fcm"]
