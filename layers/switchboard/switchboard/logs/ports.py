"""Ports for the storage of phones' logs."""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from switchboard.logs.uploads import Fault, Upload


class LogBucket(Protocol):
    """Signs the URLs for uploads."""

    def upload_url(self, key: str, seconds: int) -> str:
        """Return a URL that accepts PUTs of the object `key` for `seconds`; only the first PUT is processed."""
        ...


class LogUploads(Protocol):
    """The uploads in the bucket, and what they are unpacked to. Keys are full object keys."""

    def find(self, key: str) -> Upload | None:
        """Return the upload with that key, or None if there is none (any more)."""
        ...

    def take(self, key: str, put: str) -> bool:
        """Store at `key` which PUT is processed, unless one is stored there; return whether it is this `put`."""
        ...

    def chunks(self, key: str) -> Iterator[bytes]:
        """Read the object in chunks."""
        ...

    def keep(self, key: str, file: BinaryIO) -> None:
        """Store a zip of logs."""
        ...

    def reject(self, key: str, to: str, fault: Fault) -> None:
        """Copy the object, unopened, to the key `to`, with the fault in its metadata."""
        ...

    def delete(self, key: str) -> None:
        """Delete the object; without one, do nothing."""
        ...


class LogBatches(Protocol):
    """Stores batches of log lines."""

    def put(self, key: str, content: bytes) -> None:
        """Store one batch, gzipped."""
        ...
