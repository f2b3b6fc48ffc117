"""Field types that several request bodies share."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from switchboard.foundation.typed_text import trimmed
from switchboard.subscribers.subscriber import Platform


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _trimmed(value: object) -> object:
    return trimmed(value) if isinstance(value, str) else value


WITHOUT_SPACES = BeforeValidator(_trimmed)  # for what users type
DeviceId = Annotated[
    str, Field(min_length=1, max_length=256, description="The SDK's own device id; Exotel binds its tokens to it.")
]
OptionalPlatform = Annotated[
    Annotated[Platform, Field(strict=False)] | None,  # strict mode accepts enum members only, and JSON has none
    BeforeValidator(_lower),
    Field(description="If absent, a `device_id` in UUID format means iOS, any other Android."),
]
