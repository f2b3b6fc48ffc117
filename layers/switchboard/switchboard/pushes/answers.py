"""What the routes of a push answer."""

from typing import TypedDict


class CallShown(TypedDict):
    """What the callee's app can show of a call."""

    message: str
    callerName: str


class AckAnswer(TypedDict):
    """The context of the push's call; null where it has none, or the push was not accepted for the user's devices."""

    pushId: str
    context: CallShown | None


class PushAnswer(TypedDict):
    """The push is in the queue; its id rides along to the phone."""

    pushId: str
