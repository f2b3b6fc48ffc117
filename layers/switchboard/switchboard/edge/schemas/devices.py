"""The body of `POST` and `DELETE S/devicetoken` (contract 4 and 7)."""

from pydantic import BaseModel, Field

from switchboard.domain.devices import LONGEST_TOKEN
from switchboard.domain.subscribers import TokenType
from switchboard.edge.schemas.fields import OptionalPlatform


class RemoveDevice(BaseModel):
    """Which device shall no longer ring."""

    deviceToken: str = Field(min_length=1, max_length=LONGEST_TOKEN, description="The push token.")  # noqa: N815


class RegisterDevice(RemoveDevice):
    """A device that shall ring. What is left out is guessed from the forms of the token and of the device id."""

    platform: OptionalPlatform = None
    tokenType: TokenType | None = None  # noqa: N815
    deviceId: str | None = Field(  # noqa: N815
        default=None, max_length=200, description="The phone's own id: its earlier tokens of this type are replaced."
    )
