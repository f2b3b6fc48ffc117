"""What the routes of a push answer."""

from typing import TypedDict


class PushAnswer(TypedDict):
    """The push is in the queue; its id rides along to the phone."""

    pushId: str
