"""Where phones' logs go."""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from switchboard.logs.uploads import Fault, Upload


class LogBucket(Protocol):
    """Where phones upload their logs."""

    def upload_url(self, key: str, seconds: int) -> str:
        """Return an address that takes PUTs of the object `key` during `seconds`; only the first is looked into."""
        ...


class LogUploads(Protocol):
    """What phones put into the bucket, and what becomes of it. Keys are whole."""

    def find(self, key: str) -> Upload | None:
        """Return what lies there, or None where nothing does (any more)."""
        ...

    def take(self, key: str, put: str) -> bool:
        """Remember at `key`, unless another is remembered there, the one PUT that is looked into; return if it is."""
        ...

    def chunks(self, key: str) -> Iterator[bytes]:
        """Read the object piece by piece."""
        ...

    def keep(self, key: str, file: BinaryIO) -> None:
        """Store a zip of logs."""
        ...

    def reject(self, key: str, to: str, fault: Fault) -> None:
        """Copy the object unopened, with the fault as its metadata."""
        ...

    def delete(self, key: str) -> None:
        """Delete the object; without one, do nothing."""
        ...


class LogBatches(Protocol):
    """Where batches of log lines are stored."""

    def put(self, key: str, content: bytes) -> None:
        """Store one batch, gzipped."""
        ...
