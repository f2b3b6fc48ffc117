"""A gateway to the simulated FCM."""

import time

from switchboard.pushes.fcm import FcmGateway
from switchboard.pushes.invite import invite
from switchboard.pushes.push import Delivery, Push
from switchboard.subscribers.subscriber import Device, TokenType
from tests.push_stack import jwt

NOW = int(time.time() * 1000)

PUSH = invite(Push("demo1m", "Dave", jwt(), "2.0", "push-1", NOW - 2_400), lambda *_: None)

PHONE = Device("phone", TokenType.FCM, 1)


def send(gateway: FcmGateway, device: Device = PHONE, *, left: float = 27.6) -> Delivery:
    return gateway.send(PUSH, device, expires_at_ms=NOW + int(left * 1000), now_ms=NOW)
