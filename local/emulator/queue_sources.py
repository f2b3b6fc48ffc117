"""How many batches of a queue run at once, where a parameter of the template (`RecordConcurrency`) says it.

The fault in ministack 1.5.33 (services/lambda_svc.py, `_sqs_esm_concurrency`): it returns the template's value as it
is, and services/cloudformation/engine.py keeps parameters of type Number as strings. `_poll_sqs` compares it with a
number and raises TypeError, and no queue is read any more.
"""

from collections.abc import Callable
from typing import Protocol


class Service(Protocol):
    """The part changed here of the emulator's module `ministack.services.lambda_svc`."""

    _sqs_esm_concurrency: Callable[..., int]


def amend(service: Service) -> None:
    """Change the emulator, of the version that requirements/emulator.txt pins."""
    limit = service._sqs_esm_concurrency
    service._sqs_esm_concurrency = lambda *source: int(limit(*source))
