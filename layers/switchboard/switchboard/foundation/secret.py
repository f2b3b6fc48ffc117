"""The port for a secret."""

from collections.abc import Mapping
from typing import Any, Protocol


class Secret(Protocol):
    """A JSON object that `switchboard setup` fills, cached. Both raise NotConfiguredError while it is empty.

    WebhookSecret, AccountsSecret and PushSecret (their shapes: contract 7).
    """

    def value(self) -> Mapping[str, Any]:
        """Return the secret, from the cache if that is fresh."""
        ...

    def renewed(self) -> Mapping[str, Any]:
        """Return the secret, read again unless that happened seconds ago."""
        ...
