"""What our AWS clients are asked for, and what happens before or after it."""

from collections.abc import Callable
from typing import Any


def before_each(client: Any, act: Callable[[str, dict[str, Any]], object], *operations: str) -> None:
    """Let `act`, which may raise, see the name and the parameters of each call from now on, or of these operations."""
    call = client.call

    def watched(operation: str, **parameters: Any) -> dict[str, Any]:
        if not operations or operation in operations:
            act(operation, parameters)
        answer: dict[str, Any] = call(operation, **parameters)
        return answer

    client.call = watched


def after_each(client: Any, act: Callable[[], object], *operations: str) -> None:
    """Let something happen after each call of these operations."""
    call = client.call

    def watched(operation: str, **parameters: Any) -> dict[str, Any]:
        answer: dict[str, Any] = call(operation, **parameters)
        if operation in operations:
            act()
        return answer

    client.call = watched


def after_each_try(client: Any, act: Callable[[], object]) -> None:
    """Let something happen, such as the loss of the answer, each time that a request was sent and answered."""
    once = client._once

    def watched(*request: Any, **how: Any) -> dict[str, Any]:
        answer: dict[str, Any] = once(*request, **how)
        act()
        return answer

    client._once = watched
