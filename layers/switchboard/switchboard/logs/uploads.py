"""Logs that phones send: where they lie, and why some are rejected."""

from dataclasses import dataclass
from enum import StrEnum

from switchboard.foundation.printable import printable

UPLOADS, KEPT, REJECTED, TAKEN = "uploads/", "logs/", "rejected/", "taken/"
LONGEST_NAME = 100  # characters of an entry's name that are shown
MOST_LISTED = 20  # entries


class Fault(StrEnum):
    """Why an upload is rejected, or, for the first two, deleted."""

    REPEATED = "repeated"  # its address has been used before
    TOO_LARGE = "too-large"  # larger than LogUploadMaxMegabytes
    EMPTY = "empty"
    NOT_A_ZIP = "not-a-zip"
    STRANGE_ENVELOPE = "strange-envelope"  # a multipart body that is not one part and nothing else
    TRUNCATED = "truncated"  # it ends too early
    DAMAGED = "damaged"  # its parts contradict each other: sizes, checksums, places
    ENCRYPTED = "encrypted"
    UNSUPPORTED = "unsupported"  # zip64, another compression than deflate, or long extra fields
    TOO_MANY_ENTRIES = "too-many-entries"
    EXPANDS_TOO_FAR = "expands-too-far"
    TAKES_TOO_LONG = "takes-too-long"  # so made that inflating it costs far more than its size
    OVERLAPPING_ENTRIES = "overlapping-entries"
    UNSAFE_NAME = "unsafe-name"  # it would be written outside of the folder that it is unpacked into
    LINK = "link"


DELETED = (Fault.REPEATED, Fault.TOO_LARGE)  # kept, they would cost their sender nothing and the customer much


class UnacceptableUploadError(Exception):
    """The upload is not one zip of logs that may be opened without care."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Upload:
    """An object as a phone put it: `size` in bytes, `at` in epoch milliseconds."""

    key: str
    size: int
    at: int

    def below(self, folder: str) -> str:
        """Return the key with which it goes on living below another folder."""
        return folder + self.key.removeprefix(UPLOADS)

    @property
    def sender(self) -> tuple[str, str] | None:
        """The account and subscriber that the key names; None for a key that `logdestination` never gave out."""
        parts = self.key.split("/")
        return (parts[1], parts[2]) if len(parts) == 5 and all(parts) else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A zip's entry, for people to read: its name made harmless, its expanded size in bytes."""

    name: str
    size: int


def shown(name: str) -> str:
    """Return a name without characters that could play tricks in a terminal, at most LONGEST_NAME of them."""
    return printable(name[:LONGEST_NAME])


def listing(entries: list[Listed]) -> str:
    """Return the first MOST_LISTED entries as one text."""
    named = [f"{entry.name} ({entry.size})" for entry in entries[:MOST_LISTED]]
    return ", ".join(named + (["…"] if len(entries) > MOST_LISTED else []))
