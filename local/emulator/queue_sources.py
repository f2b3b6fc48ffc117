"""Makes a queue's MaximumConcurrency work where the template takes it from a parameter."""

from collections.abc import Callable
from typing import Protocol


class Service(Protocol):
    """The part changed here of the emulator's module `ministack.services.lambda_svc`."""

    _sqs_esm_concurrency: Callable[..., int]


def amend(service: Service) -> None:
    """Patch the emulator's version pinned in requirements/emulator.txt.

    Upstream fault: a number from a parameter stays text, the comparison with it fails, and no queue is read any more.
    """
    limit = service._sqs_esm_concurrency
    service._sqs_esm_concurrency = lambda *source: int(limit(*source))
