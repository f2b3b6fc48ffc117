"""The body of `POST S/logs` (contract 7): lines from the SDK's onLog."""

from pydantic import BaseModel, Field

from switchboard.subscribers.fields import OptionalPlatform
from switchboard.subscribers.subscriber import Platform

MOST_LINES = 500


class LogLine(BaseModel):
    """One line. Only `message` is required; unlisted fields are not stored."""

    level: str | int | None = Field(default=None, description="The SDK's level, by name or number.")
    tag: str | None = Field(default=None, max_length=200)
    message: str = Field(max_length=16_384)
    time: int | float | str | None = Field(default=None, description="The phone's time, in any format.")


class SendLogs(BaseModel):
    """A batch of lines, oldest first; the whole body may have 64 KB."""

    lines: list[LogLine] = Field(min_length=1, max_length=MOST_LINES)
    platform: OptionalPlatform = Field(default=None, description="`android` or `ios`; by default `android`.")

    @property
    def sender(self) -> Platform:
        """The platform in the object's key."""
        return self.platform or Platform.ANDROID
