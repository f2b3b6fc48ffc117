"""Apple's push service, with the signing key that `switchboard setup --apns` put into the PushSecret."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from switchboard.foundation.clock import Clock
from switchboard.pushes.apns_answers import Then, delivery_of, rule_of
from switchboard.pushes.apns_app import ApnsApp, app_of, base_url
from switchboard.pushes.apns_message import notification
from switchboard.pushes.missed_call import MissedCall, Pushed
from switchboard.pushes.push import Delivery, Outcome, Push
from switchboard.subscribers.subscriber import Device, Environment, TokenType

if TYPE_CHECKING:
    from switchboard.foundation.secret import Secret
    from switchboard.pushes.apns_connection import Answer
    from switchboard.pushes.apns_sender import ApnsSender

OTHER_ENVIRONMENT = {Environment.PRODUCTION: Environment.SANDBOX, Environment.SANDBOX: Environment.PRODUCTION}
OTHER_TYPE = {TokenType.APNS_VOIP: TokenType.APNS, TokenType.APNS: TokenType.APNS_VOIP}
NOT_SET_UP = "APNs is not set up"
SEND_SECONDS = 6.0  # for all tries of one send
MADE_UP = "00" * 32  # a device token that Apple never gave out


class ApnsGateway:
    """Implements PushGateway for APNs' tokens, of the account's own app or of the one that all accounts share."""

    def __init__(self, secret: Secret, clock: Clock, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self._secret = secret
        self._clock = clock
        self._stopwatch = stopwatch
        self._lock = Lock()
        self._senders: dict[ApnsApp, ApnsSender] = {}
        self._made_from: Mapping[str, Any] = {}

    def send(self, push: Pushed, device: Device, *, expires_at_ms: int, now_ms: int) -> Delivery:
        """Send; again where Apple's answer leaves open which environment or kind the token is of.

        Each of the two is changed at most once. Raises NotConfiguredError, and AwsError if the secret cannot
        be read.
        """
        secret = self._secret.value()
        try:
            app = app_of(secret, push.account)
            if app is None:
                return Delivery(Outcome.UNSUPPORTED_TOKEN, NOT_SET_UP)
            sender = self._sender(secret, app)
        except ValueError:
            return Delivery(Outcome.CONFIGURATION_FAULT, "PushSecret has no valid APNs key")
        until = self._stopwatch() + SEND_SECONDS
        tried = replace(device, environment=device.environment or Environment.PRODUCTION)
        changed: set[Then] = set()
        while True:
            bundle_id = device.bundle_id or app.bundle_id
            request = notification(push, tried, bundle_id, expires_at_ms=expires_at_ms, now_ms=now_ms)
            answer = sender.send(tried, request, until)
            if isinstance(answer, Delivery):
                return answer
            then = rule_of(answer.status, answer.reason).then
            other = None if then in changed else _other(then, device, tried)
            if other is None or not self._rings(push, expires_at_ms):
                return _with_learned(_delivery(answer, device), device, tried)
            changed.add(then)
            tried = other

    def validate(self, account: str, environment: Environment) -> Delivery | None:
        """Send to a made-up token, which tells whether Apple accepts key and topic; None where there is no app.

        A good key gets `400 BadDeviceToken`. Raises ValueError for an incomplete app or an invalid key.
        """
        secret = self._secret.value()
        app = app_of(secret, account)
        if app is None:
            return None
        device = Device(MADE_UP, TokenType.APNS_VOIP, 0, environment=environment)
        now_ms = int(self._clock() * 1000)
        push = Push(account, "doctor", "e30.e30.e30", "1", "doctor", now_ms)
        request = notification(push, device, app.bundle_id, expires_at_ms=now_ms, now_ms=now_ms)
        answer = self._sender(secret, app).send(device, request, self._stopwatch() + SEND_SECONDS)
        return answer if isinstance(answer, Delivery) else _delivery(answer, device)

    def connect(self) -> None:
        """Import what APNs needs and sign a token, if an app is set up, so that the first push need not wait for it."""
        secret = self._secret.value()
        app = app_of(secret, "")
        if app is not None:
            self._sender(secret, app).prepare()

    def _sender(self, secret: Mapping[str, Any], app: ApnsApp) -> ApnsSender:
        """Return the app's sender; HTTP/2 is imported here, since most deployments have no APNs. Raises ValueError."""
        from switchboard.pushes.apns_sender import ApnsSender, connections  # noqa: PLC0415

        with self._lock:
            if secret != self._made_from:
                self._made_from, self._senders = secret, {}
            if app not in self._senders:
                urls = {environment: base_url(secret, environment) for environment in Environment}
                shared = connections(app.team_id, urls, secret.get("apns_root_certificate"))
                self._senders[app] = ApnsSender(app, shared, self._clock)
            return self._senders[app]

    def _rings(self, push: Pushed, expires_at_ms: int) -> bool:
        return isinstance(push, MissedCall) or self._clock() * 1000 < expires_at_ms


def _delivery(answer: Answer, device: Device) -> Delivery:
    timestamp, registered_at = answer.timestamp, device.registered_at
    return delivery_of(answer.status, answer.reason, timestamp=timestamp, registered_at=registered_at)


def _other(then: Then, device: Device, tried: Device) -> Device | None:
    """Return how else to try the device; None if the device's environment or kind is known."""
    if then is Then.OTHER_ENVIRONMENT and device.environment is None and tried.environment is not None:
        return replace(tried, environment=OTHER_ENVIRONMENT[tried.environment])
    if then is Then.OTHER_TOPIC and device.guessed:
        return replace(tried, token_type=OTHER_TYPE[tried.token_type])
    return None


def _with_learned(delivery: Delivery, device: Device, tried: Device) -> Delivery:
    """Return the delivery with what it has shown about the device, if it was accepted and shows anything."""
    if delivery.outcome is not Outcome.ACCEPTED:
        return delivery
    known = replace(tried, guessed=False)
    return delivery if known == device else replace(delivery, learned=known)
