"""What the routes of logs answer."""

from typing import TypedDict


class LogDestinationAnswer(TypedDict):
    """Where to PUT one zip of logs, within 15 minutes."""

    logDestinationURL: str
    logDestinationFileName: str
