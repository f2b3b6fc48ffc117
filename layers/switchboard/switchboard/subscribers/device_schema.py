"""Bodies of `POST` and `DELETE S/devicetoken`, and what `GET S/devices` shows (contract 4 and 7)."""

from collections.abc import Collection
from typing import Literal, Self

from pydantic import BaseModel, Field

from switchboard.subscribers.callee import Callee
from switchboard.subscribers.devices import LONGEST_TOKEN
from switchboard.subscribers.fields import OptionalPlatform
from switchboard.subscribers.subscriber import Device, Environment, Platform, TokenType


class RemoveDevice(BaseModel):
    """The device to remove."""

    deviceToken: str = Field(min_length=1, max_length=LONGEST_TOKEN, description="The push token.")  # noqa: N815


class RegisterDevice(BaseModel):
    """The device to register. Absent fields are derived from the formats of the token and of the device id."""

    deviceToken: str | None = Field(  # noqa: N815
        default=None,
        max_length=LONGEST_TOKEN,
        description="The push token. The stock apps send an empty text or null until the phone has one.",
    )
    platform: OptionalPlatform = None
    tokenType: TokenType | None = None  # noqa: N815
    deviceId: str | None = Field(  # noqa: N815
        default=None,
        max_length=200,
        description="The phone's own id. Its earlier tokens of this type are removed, and a call rings it once.",
    )
    environment: Environment | None = Field(
        default=None, description="Of an APNs token. If absent, the first push finds it out."
    )
    bundleId: str | None = Field(  # noqa: N815
        default=None,
        pattern=r"^[A-Za-z0-9.-]{1,155}$",
        description="The app's bundle id, for an APNs token. If absent, that of the PushSecret.",
    )
    knows: list[Literal["cancel"]] = Field(
        default=[],
        max_length=10,
        description="The messages beside calls that the app understands: `cancel` stops the ringing.",
    )


class ShownDevice(BaseModel):
    """A registered phone, without its token. Times are epoch seconds; unknown values are null."""

    deviceKey: str = Field(description="For `DELETE S/devices/{deviceKey}`: the token's SHA-256.")  # noqa: N815
    platform: Platform | None
    tokenType: TokenType  # noqa: N815
    environment: Environment | None = Field(description="Of an APNs token, once it is known.")
    registeredAt: int  # noqa: N815
    lastAcceptedAt: int | None = Field(  # noqa: N815
        description="When the push service last accepted a push for it, to within a week."
    )
    disabled: bool = Field(description="Whether it gets no pushes until it is registered again.")
    reason: str | None = Field(
        description="Why: `sessions-ended` (a new password or a suspension), or the push service's error code."
    )
    probablyDead: bool | None = Field(  # noqa: N815
        description="Whether the last ten pushes that the phone took were not confirmed, although its app sends acks."
        " Null if that could not be looked up."
    )

    @classmethod
    def of(cls, device: Device, disabled: str | None, *, dead: bool | None) -> Self:
        """Return the device as the API shows it; `disabled` is the reason, or None."""
        return cls(
            deviceKey=device.key,
            platform=device.platform,
            tokenType=device.token_type,
            environment=device.environment,
            registeredAt=device.registered_at // 1000,
            lastAcceptedAt=None if device.accepted_at is None else device.accepted_at // 1000,
            disabled=disabled is not None,
            reason=disabled,
            probablyDead=dead,
        )


class DevicesAnswer(BaseModel):
    """A subscriber's phones, the newest registration first."""

    devices: list[ShownDevice]

    @classmethod
    def of(cls, callee: Callee, dead: Collection[str] | None) -> Self:
        """Return the phones of a subscriber; `dead` are the keys of those that probably are, None if nobody knows."""
        newest = sorted(callee.devices, key=lambda device: device.registered_at, reverse=True)
        shown = [
            ShownDevice.of(device, callee.disabled(device), dead=None if dead is None else device.key in dead)
            for device in newest
        ]
        return cls(devices=shown)
