"""How many batches of a queue the emulator has at work at once, where a parameter of the template says it."""

from collections.abc import Callable
from typing import Protocol


class Service(Protocol):
    """What is changed of the emulator's module `ministack.services.lambda_svc`."""

    _sqs_esm_concurrency: Callable[..., int]


def amend(service: Service) -> None:
    """Change the emulator, of the version that requirements/emulator.txt pins.

    As it comes, it leaves a number from a parameter text, fails to compare it, and no queue is read any more.
    """
    limit = service._sqs_esm_concurrency
    service._sqs_esm_concurrency = lambda *source: int(limit(*source))
