"""Kinds of field that several bodies share."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from switchboard.foundation.typed_text import trimmed
from switchboard.subscribers.subscriber import Platform


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _trimmed(value: object) -> object:
    return trimmed(value) if isinstance(value, str) else value


WITHOUT_SPACES = BeforeValidator(_trimmed)  # of what users type, where spaces around it mean nothing
DeviceId = Annotated[
    str, Field(min_length=1, max_length=256, description="The SDK's own device id; Exotel binds its tokens to it.")
]
OptionalPlatform = Annotated[
    Annotated[Platform, Field(strict=False)] | None,  # strict would want the enum itself, which JSON has not
    BeforeValidator(_lower),
    Field(description="Without it, a `device_id` in UUID form means iOS and any other Android."),
]
