"""The steps of a simulated call, with their durations."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from local.gateway.backend import Answer


class StepFailedError(Exception):
    """A step failed, so the call ends."""


@dataclass
class Step:
    """One step of a call; took_ms is in milliseconds."""

    name: str
    status: str = "ok"
    took_ms: int = 0
    detail: str = ""

    def expect(self, answer: Answer) -> Answer:
        """Record an answer; raise StepFailedError unless it is a success."""
        self.detail = f"{answer.status} {' '.join(answer.text.split())[:200]}" if not answer.ok else str(answer.status)
        if not answer.ok:
            raise StepFailedError(self.detail)
        return answer


@dataclass
class Timeline:
    """A call in progress: its steps in the order of their start, and the callee and payload of Exotel's push.

    `dialled_at` is when the caller's phone dialled, in epoch milliseconds; `session` is the payload's id of the call.
    """

    steps: list[Step] = field(default_factory=list)
    callee: str | None = None
    payload: str = ""
    dialled_at: int = 0
    session: str = field(default_factory=lambda: secrets.token_hex(8))

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Measure the block; an exception marks the step as failed and is raised again."""
        step = Step(name)
        self.steps.append(step)
        began = time.monotonic()
        try:
            yield step
        except Exception as error:
            step.status = "failed"
            step.detail = step.detail or f"{type(error).__name__}: {error}"
            raise
        finally:
            step.took_ms = round((time.monotonic() - began) * 1000)
