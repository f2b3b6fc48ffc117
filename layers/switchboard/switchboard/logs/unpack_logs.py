"""Check an uploaded zip of logs, store or reject it, and add an event to a call's timeline."""

from collections.abc import Callable
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO

from switchboard.logs.log_calls import call_of_logs
from switchboard.logs.multipart_envelope import LONGEST_END, LONGEST_HEAD, unwrapped
from switchboard.logs.ports import LogUploads
from switchboard.logs.uploads import (
    DELETED,
    KEPT,
    REJECTED,
    TAKEN,
    Fault,
    Listed,
    UnacceptableUploadError,
    Upload,
    listing,
    uploaded_at,
)
from switchboard.logs.zip_check import checked
from switchboard.subscribers.ports import ErasedUsers
from switchboard.timeline.event import Detail, Event, Kind
from switchboard.timeline.ports import Timelines, TimelineWriter

_ENVELOPE = LONGEST_HEAD + LONGEST_END  # bytes that a multipart body may add to a zip


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The outcome of an upload: `object` is the key where it is stored, if it is; `size` is its size as uploaded."""

    object: str | None
    size: int
    entries: tuple[Listed, ...] = ()
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class UnpackLogs:
    """Processes one upload; `largest` is in bytes, `cpu` returns the CPU seconds used.

    Every step can be repeated, because the upload is deleted last.
    """

    uploads: LogUploads
    timelines: Timelines
    writer: TimelineWriter
    largest: int
    cpu: Callable[[], float]
    erased: ErasedUsers

    def __call__(self, key: str, put: str) -> Unpacked | None:
        """Return the outcome of the upload, or None if it no longer exists, since S3 may send a notification twice.

        `put` identifies the PUT in the notification; a further PUT to the same key is deleted without processing. Only
        a small part of the upload is in memory at a time. The bytes that were checked are the ones that are stored,
        even if the phone replaces the object meanwhile.
        """
        upload = self.uploads.find(key)
        if upload is None:
            return None
        if self._of_erased(upload):
            unpacked = Unpacked(None, upload.size, fault=Fault.USER_DELETED)
        elif self.uploads.take(upload.below(TAKEN), put):
            unpacked = self._kept(upload)
            self._report(upload, unpacked)
        else:
            unpacked = Unpacked(None, upload.size, fault=Fault.REPEATED)
        self.uploads.delete(key)
        return unpacked

    def _of_erased(self, upload: Upload) -> bool:
        """Whether the upload is of a user who was deleted after its address was made."""
        if upload.sender is None:
            return False
        self.erased.renew()
        account, name = upload.sender
        return any(user.was(uploaded_at(upload.key)) for user in self.erased.of(account, [name]))

    def _kept(self, upload: Upload) -> Unpacked:
        try:
            with TemporaryFile() as spool:
                self._fetch(upload, spool)
                entries = checked(spool, self.cpu)
                kept = upload.below(KEPT)
                spool.seek(0)
                self.uploads.keep(kept, spool)
                return Unpacked(kept, upload.size, tuple(entries))
        except UnacceptableUploadError as refused:
            if refused.fault in DELETED:
                return Unpacked(None, upload.size, fault=refused.fault)
            rejected = upload.below(REJECTED)
            self.uploads.reject(upload.key, rejected, refused.fault)
            return Unpacked(rejected, upload.size, fault=refused.fault)

    def _fetch(self, upload: Upload, spool: BinaryIO) -> None:
        if not upload.size:
            raise UnacceptableUploadError(Fault.EMPTY)
        if upload.size > self.largest + _ENVELOPE:
            raise UnacceptableUploadError(Fault.TOO_LARGE)
        size = 0
        for piece in unwrapped(self.uploads.chunks(upload.key)):
            size += len(piece)
            if size > self.largest:
                raise UnacceptableUploadError(Fault.TOO_LARGE)
            spool.write(piece)

    def _report(self, upload: Upload, unpacked: Unpacked) -> None:
        if upload.sender is None:
            return
        account, name = upload.sender
        details: dict[str, Detail] = {"bytes": unpacked.size}
        if unpacked.object:
            details["object"] = unpacked.object
        if unpacked.fault:
            details["rejected"] = unpacked.fault.value
        else:
            details |= {"entries": len(unpacked.entries), "listing": listing(list(unpacked.entries))}
        call = call_of_logs(self.timelines, account, name, upload.at)
        self.writer.put([Event(account, call, Kind.LOGS_UPLOADED, upload.at, name, details)])
