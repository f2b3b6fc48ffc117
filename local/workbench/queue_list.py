"""The stack's queues: how many messages each holds, and the dead letters."""

from dataclasses import dataclass

from local.deployment.aws import Aws

DEAD = "DeadLetterQueue"


@dataclass(frozen=True)
class QueueList:
    """Counts the messages of queues, given by logical id and URL."""

    aws: Aws
    urls: dict[str, str]

    def depths(self) -> list[dict[str, object]]:
        """Return each queue with the messages that wait and those being worked on."""
        rows = []
        for name, url in sorted(self.urls.items(), key=lambda one: (DEAD in one[0], one[0])):
            waiting, in_flight = self.aws.depth(url)
            rows.append({"name": name, "waiting": waiting, "in_flight": in_flight, "dead": DEAD in name})
        return rows
