"""The PushSecret as the doctor has read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PushSecretRead:
    """Implements the push gateways' PushSecret."""

    content: Mapping[str, Any]

    def value(self) -> Mapping[str, Any]:
        """Return it."""
        return self.content
