"""Which of a subscriber's tokens a push is sent to: a phone with several rings once."""

from collections.abc import Sequence

from switchboard.pushes.missed_call import MissedCall, Pushed
from switchboard.subscribers.subscriber import Device, TokenType

# one phone's tokens in the order in which they are tried: each after the one before is refused for good
type Phone = tuple[Device, ...]


def phones_of(devices: Sequence[Device], push: Pushed) -> Sequence[Phone]:
    """Return the phones with the tokens that can take this push.

    A call goes to a phone's VoIP token, and to its other tokens only where that one is refused. Anything else never
    goes to a VoIP token: iOS ends an app that gets a VoIP push and reports no call.
    """
    voip = [device for device in devices if device.token_type is TokenType.APNS_VOIP]
    others = [device for device in devices if device.token_type is not TokenType.APNS_VOIP]
    if isinstance(push, MissedCall):
        return [(device,) for device in others]
    alone = [(device,) for device in others if not any(_same_phone(device, one) for one in voip)]
    return [(one, *(device for device in others if _same_phone(device, one))) for one in voip] + alone


def _same_phone(one: Device, other: Device) -> bool:
    """Return whether both are of one phone: by the id that the app sent, else by the session that registered them."""
    if one.device_id is not None and other.device_id is not None:
        return one.device_id == other.device_id
    return one.phone is not None and one.phone == other.phone
