"""What the routes of a call context answer."""

from typing import NotRequired, TypedDict


class ContextAnswer(TypedDict):
    """A call context; `expires_at` in epoch seconds."""

    dialToNumber: str
    message: str
    expires_at: int


class SharedContext(TypedDict):
    """What a call is about; without a context `message` is empty and the last two are absent."""

    message: str
    callerName: str
    dialToNumber: NotRequired[str]
    expires_at: NotRequired[int]
