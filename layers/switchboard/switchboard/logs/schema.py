"""The body of `POST S/logs` (contract 7): what the SDK's onLog gave."""

from pydantic import BaseModel, Field

from switchboard.subscribers.fields import OptionalPlatform
from switchboard.subscribers.subscriber import Platform

MOST_LINES = 500


class LogLine(BaseModel):
    """One line. Only `message` must be there; other fields than these are left out."""

    level: str | int | None = Field(default=None, description="The SDK's level, by name or number.")
    tag: str | None = Field(default=None, max_length=200)
    message: str = Field(max_length=16_384)
    time: str | int | float | None = Field(default=None, description="The phone's time, as the app has it.")


class SendLogs(BaseModel):
    """A batch of lines, oldest first; the whole body may have 64 KB."""

    lines: list[LogLine] = Field(min_length=1, max_length=MOST_LINES)
    platform: OptionalPlatform = Field(default=None, description="`android`, unless it says `ios`.")

    @property
    def sender(self) -> Platform:
        """The platform under which the lines are kept."""
        return self.platform or Platform.ANDROID
