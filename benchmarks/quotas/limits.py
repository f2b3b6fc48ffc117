"""The limits that stand between a burst of calls and ringing phones, as numbers."""

from dataclasses import dataclass

NONE = float("inf")


@dataclass(frozen=True)
class Limits:
    """Of an account and its deployment; rates a second, unless they say otherwise. None binds unless given.

    But for the pollers, which are what takes batches out of queues: five at first, five more each second. And for the
    streams' shards, of which tables that have grown have many.
    """

    api_rate: float = NONE
    api_burst: float = NONE
    report_rate: float = NONE  # for each kind of the apps' reports, which do not count against the API's own
    report_burst: float = NONE
    concurrency: float = NONE
    starts: float = NONE  # environments that a function may begin to start
    starts_at_once: float = NONE
    pollers_at_first: float = 5
    pollers_more: float = 5
    pollers_most: float = 1_250
    shards: float = 400  # of each stream, of each of which one batch is worked off at a time
    table_writes: float = NONE
    table_reads: float = NONE
    fcm_a_minute: float = NONE

    @property
    def invocations(self) -> float:
        """Return how many requests a second Lambda takes, however short they are."""
        return 10 * self.concurrency


WITHOUT_POLLERS = Limits(pollers_at_first=NONE)  # as if enough of them stood by
