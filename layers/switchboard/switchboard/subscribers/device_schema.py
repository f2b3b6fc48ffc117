"""Bodies of `POST` and `DELETE S/devicetoken`, and what `GET S/devices` shows (contract 4 and 7)."""

from typing import Self

from pydantic import BaseModel, Field

from switchboard.subscribers.callee import Callee
from switchboard.subscribers.devices import LONGEST_TOKEN
from switchboard.subscribers.fields import OptionalPlatform
from switchboard.subscribers.subscriber import Device, Platform, TokenType


class RemoveDevice(BaseModel):
    """Which device shall no longer ring."""

    deviceToken: str = Field(min_length=1, max_length=LONGEST_TOKEN, description="The push token.")  # noqa: N815


class RegisterDevice(BaseModel):
    """A device that shall ring. What is left out is guessed from the forms of the token and of the device id."""

    deviceToken: str | None = Field(  # noqa: N815
        default=None,
        max_length=LONGEST_TOKEN,
        description="The push token. Before the phone has one the stock apps send an empty text or null.",
    )
    platform: OptionalPlatform = None
    tokenType: TokenType | None = None  # noqa: N815
    deviceId: str | None = Field(  # noqa: N815
        default=None, max_length=200, description="The phone's own id: its earlier tokens of this type are replaced."
    )


class ShownDevice(BaseModel):
    """A registered phone, never its token. Times are epoch seconds; what is not known is null."""

    deviceKey: str = Field(description="For `DELETE S/devices/{deviceKey}`: the token's SHA-256.")  # noqa: N815
    platform: Platform | None
    tokenType: TokenType  # noqa: N815
    environment: str | None = Field(description="`production` or `sandbox`, of an APNs token.")
    registeredAt: int  # noqa: N815
    lastAcceptedAt: int | None = Field(  # noqa: N815
        description="When the push service last took a push for it, give or take a day."
    )
    disabled: bool = Field(description="Whether nothing is sent to it until it is registered anew.")
    reason: str | None = Field(
        description="Why: `sessions-ended` (a new password or a suspension), or what the push service said."
    )

    @classmethod
    def of(cls, device: Device, disabled: str | None) -> Self:
        """Return the device in the API's words; `disabled` says why nothing is sent to it."""
        return cls(
            deviceKey=device.key,
            platform=device.platform,
            tokenType=device.token_type,
            environment=None,
            registeredAt=device.registered_at // 1000,
            lastAcceptedAt=None if device.accepted_at is None else device.accepted_at // 1000,
            disabled=disabled is not None,
            reason=disabled,
        )


class DevicesAnswer(BaseModel):
    """A subscriber's phones, the newest registration first."""

    devices: list[ShownDevice]

    @classmethod
    def of(cls, callee: Callee) -> Self:
        """Return the phones of a subscriber."""
        newest = sorted(callee.devices, key=lambda device: device.registered_at, reverse=True)
        return cls(devices=[ShownDevice.of(device, callee.disabled(device)) for device in newest])
