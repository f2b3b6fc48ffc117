"""A secret in memory."""

from collections.abc import Mapping
from typing import Any

from switchboard.foundation.errors import NotConfiguredError


class FakeSecret:
    """Implements Secret, and counts how often it is read."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.reads = 0

    def value(self) -> Mapping[str, Any]:
        self.reads += 1
        if not self.content:
            raise NotConfiguredError("not_configured", "run `switchboard setup`")
        return self.content

    renewed = value
