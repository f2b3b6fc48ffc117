"""A stack's dead-letter queues, each with the queue that its messages came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cli.errors import OperatorError

_SUFFIX = "DeadLetterQueue"


@dataclass(frozen=True, slots=True)
class DeadLetterQueue:
    """`PushDeadLetterQueue` of `PushQueue`: logical ids and URLs of both."""

    name: str
    url: str
    source: str
    source_url: str

    @property
    def short(self) -> str:
        """The name in commands: push, timeline, …"""
        return _short(self.name)


def dead_letter_queues(resources: Mapping[str, str], wanted: str | None) -> Sequence[DeadLetterQueue]:
    """Return all of them, or the one that is wanted. Raises OperatorError if there is no such queue."""
    names = sorted(name for name in resources if name.endswith(_SUFFIX))
    found = [_queue(resources, name) for name in names if wanted in (None, name, _short(name))]
    if not found:
        raise OperatorError(
            f"there is no dead-letter queue {wanted}; there is {', '.join(map(_short, names)) or 'none'}"
        )
    return found


def _queue(resources: Mapping[str, str], name: str) -> DeadLetterQueue:
    source = name.removesuffix(_SUFFIX) + "Queue"
    if source not in resources:
        raise OperatorError(f"the stack has {name}, but no {source}: update it with `make deploy`")
    return DeadLetterQueue(name, resources[name], source, resources[source])


def _short(name: str) -> str:
    """PushDeadLetterQueue: push; LogUploadDeadLetterQueue: log-upload."""
    words = name.removesuffix(_SUFFIX)
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in words).lstrip("-")
