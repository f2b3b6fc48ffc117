"""The steps of a call, with how long each took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from local.gateway.backend import Answer


class StepFailedError(Exception):
    """A step did not succeed; the call ends here."""


@dataclass
class Step:
    """One step of a call; took_ms is in milliseconds."""

    name: str
    status: str = "ok"
    took_ms: int = 0
    detail: str = ""

    def expect(self, answer: Answer) -> Answer:
        """Note an answer, and raise StepFailedError unless it is a success."""
        self.detail = f"{answer.status} {' '.join(answer.text.split())[:200]}" if not answer.ok else str(answer.status)
        if not answer.ok:
            raise StepFailedError(self.detail)
        return answer


@dataclass
class Timeline:
    """A call as it goes: its steps in the order in which they began, and whom Exotel dialled with which payload.

    `dialled_at` is when the caller's phone dialled, in epoch milliseconds.
    """

    steps: list[Step] = field(default_factory=list)
    callee: str | None = None
    payload: str = ""
    dialled_at: int = 0

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Time what happens inside; an exception marks the step as failed and goes on up."""
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
