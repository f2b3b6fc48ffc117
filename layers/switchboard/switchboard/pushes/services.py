"""The push services: FCM, and APNs for the tokens that Apple gives out."""

from dataclasses import dataclass

from switchboard.pushes.apns import ApnsGateway
from switchboard.pushes.fcm import FcmGateway
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.ports import PushGateway
from switchboard.pushes.push import Delivery
from switchboard.subscribers.subscriber import Device


@dataclass(frozen=True, slots=True)
class PushServices:
    """Implements PushGateway for every type of token."""

    fcm: FcmGateway
    apns: ApnsGateway

    def send(self, push: Pushed, device: Device, *, expires_at_ms: int, now_ms: int) -> Delivery:
        """Send by the service that gave out the token."""
        service: PushGateway = self.apns if device.token_type.is_apns else self.fcm
        return service.send(push, device, expires_at_ms=expires_at_ms, now_ms=now_ms)
