"""The model of log uploads: their folders, and why some are rejected."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from switchboard.foundation.printable import printable

UPLOADS, KEPT, REJECTED, TAKEN = "uploads/", "logs/", "rejected/", "taken/"
FOLDERS = (UPLOADS, KEPT, REJECTED, TAKEN)  # each has a folder for each account, in it one for each subscriber
LONGEST_NAME = 100  # characters of an entry's name in a listing
MOST_LISTED = 20  # entries


class Fault(StrEnum):
    """Why an upload is rejected, or, for the first three, deleted."""

    REPEATED = "repeated"  # its address has been used before
    USER_DELETED = "user-deleted"  # its address was made for a user who has been deleted since
    TOO_LARGE = "too-large"  # larger than LogUploadMaxMegabytes
    EMPTY = "empty"
    NOT_A_ZIP = "not-a-zip"
    STRANGE_ENVELOPE = "strange-envelope"  # a multipart body with a second part, or with content after its end
    TRUNCATED = "truncated"  # it ends too early
    DAMAGED = "damaged"  # its sizes, checksums or offsets contradict each other
    ENCRYPTED = "encrypted"
    UNSUPPORTED = "unsupported"  # zip64, another compression than deflate, or long extra fields
    TOO_MANY_ENTRIES = "too-many-entries"
    EXPANDS_TOO_FAR = "expands-too-far"
    TAKES_TOO_LONG = "takes-too-long"  # inflating it takes too much CPU time
    OVERLAPPING_ENTRIES = "overlapping-entries"
    UNSAFE_NAME = "unsafe-name"  # an entry would be written outside the target folder
    LINK = "link"


DELETED = (Fault.REPEATED, Fault.USER_DELETED, Fault.TOO_LARGE)  # not stored: a sender could cause high costs


class UnacceptableUploadError(Exception):
    """The upload is not a zip of logs that is safe to open."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Upload:
    """An object as a phone uploaded it: `size` in bytes, `at` in epoch milliseconds."""

    key: str
    size: int
    at: int

    def below(self, folder: str) -> str:
        """Return the upload's key with another folder in place of `uploads/`."""
        return folder + self.key.removeprefix(UPLOADS)

    @property
    def sender(self) -> tuple[str, str] | None:
        """The account and subscriber in the key; None for a key that `logdestination` did not create."""
        parts = self.key.split("/")
        return (parts[1], parts[2]) if len(parts) == 5 and all(parts) else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A zip's entry for display: its name, safe to print, and its expanded size in bytes."""

    name: str
    size: int


def uploaded_at(key: str) -> int:
    """Return when the object's file name was made, to the second, in epoch milliseconds; 0 for another name."""
    try:
        made = datetime.strptime(key.rpartition("/")[2][:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return 0
    return int(made.timestamp() * 1000)


def shown(name: str) -> str:
    """Return at most LONGEST_NAME characters of a name, with unprintable ones replaced."""
    return printable(name[:LONGEST_NAME])


def listing(entries: list[Listed]) -> str:
    """Return the first MOST_LISTED entries as one text."""
    named = [f"{entry.name} ({entry.size})" for entry in entries[:MOST_LISTED]]
    return ", ".join(named + (["…"] if len(entries) > MOST_LISTED else []))
