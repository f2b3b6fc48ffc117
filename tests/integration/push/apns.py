"""Sends through a gateway to the simulated APNs."""

from switchboard.pushes.apns import ApnsGateway
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.push import Delivery
from switchboard.subscribers.subscriber import Device, Environment, TokenType
from tests.integration.push.fcm import NOW, PUSH

TOKEN = "ab" * 32
VOIP = Device(TOKEN, TokenType.APNS_VOIP, 1_000_000, environment=Environment.PRODUCTION)
ALERT = Device(TOKEN, TokenType.APNS, 1_000_000, environment=Environment.PRODUCTION)
UNKNOWN = Device(TOKEN, TokenType.APNS_VOIP, 1_000_000, guessed=True)  # as an unchanged app registers it


def send(gateway: ApnsGateway, device: Device = VOIP, push: Pushed = PUSH, *, left: float = 27.6) -> Delivery:
    return gateway.send(push, device, expires_at_ms=NOW + int(left * 1000), now_ms=NOW)
