"""Firebase Cloud Messaging, with the service account that `switchboard setup` put into the PushSecret."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from requests import RequestException

from switchboard.foundation.aged_value import AgedValue, Fetched
from switchboard.foundation.clock import Clock
from switchboard.foundation.errors import NotConfiguredError
from switchboard.pushes.fcm_client import FcmClient
from switchboard.pushes.fcm_message import VALIDATED_ONLY, delivery_of, message
from switchboard.pushes.google_oauth import OAuthRefusedError
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.push import Delivery, Outcome
from switchboard.subscribers.subscriber import Device

_LOOK_SECONDS = 60.0  # between two checks for a changed secret, which has a cache of its own


class PushSecret(Protocol):
    """`{"fcm": <service account>, "fcm_base_url"?: "http://…/v1/projects"}`."""

    def value(self) -> Mapping[str, Any]:
        """Return the secret. Raises NotConfiguredError while it is empty."""
        ...


class FcmGateway:
    """Implements PushGateway for FCM tokens of Android and iOS."""

    def __init__(self, secret: PushSecret, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock
        self._used: tuple[Mapping[str, Any], FcmClient] | None = None
        self._client: AgedValue[FcmClient] = AgedValue(clock)

    def send(self, push: Pushed, device: Device, *, expires_at_ms: int, now_ms: int) -> Delivery:
        """Send once. Raises NotConfiguredError, and AwsError if the secret cannot be read."""
        arguments = message(push, device, expires_at_ms=expires_at_ms, now_ms=now_ms)
        return self._sent(lambda client: bytes(client.parse_payload(**arguments)))

    def validate(self) -> Delivery:
        """Send FCM a message for validation only, to check that it accepts our credentials."""
        return self._sent(lambda _: VALIDATED_ONLY)

    def connect(self) -> None:
        """Fetch the secret and a token, so that the first push need not wait for them."""
        self._client.get(self._connected).connect()

    def _sent(self, written: Callable[[FcmClient], bytes]) -> Delivery:
        try:
            client = self._client.get(self._connected)
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

    def _connected(self) -> Fetched[FcmClient]:
        """Return a client for the current secret; the existing one, with its token, if the secret has not changed."""
        secret = self._secret.value()
        if self._used is None or self._used[0] != secret:
            if "fcm" not in secret:
                raise NotConfiguredError("not_configured", "PushSecret has no `fcm`: run `switchboard setup`")
            if not isinstance(secret["fcm"], Mapping):
                raise ValueError
            self._used = (secret, FcmClient(secret["fcm"], base_url=secret.get("fcm_base_url"), clock=self._clock))
        return Fetched(self._used[1], _LOOK_SECONDS)
