"""Retries of requests to Exotel after temporary faults, within a bound."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from cli.errors import OperatorError
from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import SwitchboardError

TRIES = 6
LONGEST_WAIT_SECONDS = 300
ANSWER_SECONDS = 15.0


@dataclass(frozen=True)
class Patience:
    """The bounds of the retries; `say` gets a sentence about each wait, and `sleep` waits (seconds)."""

    say: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    tries: int = TRIES

    def __call__[T](self, ask: Callable[[Deadline], T]) -> T:
        """Return the answer; waits as long as Retry-After says. Raises OperatorError for a fault that remains."""
        for left in reversed(range(self.tries)):
            try:
                return ask(Deadline.after(ANSWER_SECONDS, self.monotonic))
            except SwitchboardError as error:
                self.wait(error.message, error.retry_after, left)
        raise AssertionError("the last try returns or raises")

    def wait(self, reason: str, seconds: int | None, left: int) -> None:
        """Wait before one of the `left` further tries. Raises OperatorError if a retry is no use (seconds: None)."""
        if seconds is None:
            raise OperatorError(reason)
        if seconds > LONGEST_WAIT_SECONDS:
            raise OperatorError(f"{reason} (it says in {seconds} s); run the same again then")
        if not left:
            raise OperatorError(f"{reason} (asked {self.tries} times); run the same again later")
        self.say(f"{reason}; waiting {seconds} s")
        self.sleep(seconds)
