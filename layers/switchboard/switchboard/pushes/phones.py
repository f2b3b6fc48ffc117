"""Which of a subscriber's tokens a push is sent to: a phone with several rings once."""

from collections.abc import Collection, Sequence

from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.push import Push
from switchboard.subscribers.subscriber import CANCEL, Device, TokenType

# one phone's tokens in the order in which they are tried: each after the one before is refused for good
type Phone = tuple[Device, ...]


def phones_of(devices: Sequence[Device], push: Pushed) -> Sequence[Phone]:
    """Return the phones with the tokens that can take this call or notification.

    A call goes to a phone's VoIP token, and to its other tokens only where that one is refused. A notification never
    goes to a VoIP token: iOS ends an app that gets a VoIP push and reports no call.
    """
    voip = [device for device in devices if device.token_type is TokenType.APNS_VOIP]
    others = [device for device in devices if device.token_type is not TokenType.APNS_VOIP]
    if not isinstance(push, Push):
        return [(device,) for device in others]
    alone = [(device,) for device in others if not any(_same_phone(device, one) for one in voip)]
    return [(one, *(device for device in others if _same_phone(device, one))) for one in voip] + alone


def ringing_elsewhere(devices: Sequence[Device], took: Collection[str], spared: Collection[str]) -> Sequence[Device]:
    """Return which devices to tell that a call is over: of those that took its invite, those whose app understands it.

    `took` are the keys of devices, `spared` the phones where the call was answered or ended: all their tokens are left
    alone.
    """
    there = [device for device in devices if phone_of(device) in spared]
    return [
        device
        for device in devices
        if device.key in took and CANCEL in device.knows and not any(_same_phone(device, one) for one in there)
    ]


def phone_of(device: Device) -> str:
    """Return the phone that registered the device, or for an app without a session the device itself."""
    return device.phone or device.key


def _same_phone(one: Device, other: Device) -> bool:
    """Return whether both are of one phone: by the id that the app sent, else by the session that registered them."""
    if one.device_id is not None and other.device_id is not None:
        return one.device_id == other.device_id
    return one == other or (one.phone is not None and one.phone == other.phone)
