"""An upload that arrived becomes a zip that opens, or is rejected with the reason; either way a event of a call."""

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
)
from switchboard.logs.zip_check import checked
from switchboard.timeline.event import Detail, Event, Kind
from switchboard.timeline.ports import TimelineQueue, Timelines

_ENVELOPE = LONGEST_HEAD + LONGEST_END  # what an envelope may add to the largest zip


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What became of an upload: `object` is where it lies now, if it does, `size` its bytes as they came."""

    object: str | None
    size: int
    entries: tuple[Listed, ...] = ()
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class UnpackLogs:
    """Goes through one upload; `largest` is in bytes, `cpu` tells the seconds of CPU used.

    Every step may be done again: the upload is deleted last.
    """

    uploads: LogUploads
    timelines: Timelines
    queue: TimelineQueue
    largest: int
    cpu: Callable[[], float]

    def __call__(self, key: str, put: str) -> Unpacked | None:
        """Return what became of the upload, or None where it is gone, since each event may come twice.

        `put` names the PUT that the event tells of: another one of the same key is deleted, not looked into.
        Nothing of it is held in memory but a window; the bytes that were checked are those that are kept, whatever
        the phone puts there meanwhile.
        """
        upload = self.uploads.find(key)
        if upload is None:
            return None
        if self.uploads.take(upload.below(TAKEN), put):
            unpacked = self._kept(upload)
            self._report(upload, unpacked)
        else:
            unpacked = Unpacked(None, upload.size, fault=Fault.REPEATED)
        self.uploads.delete(key)
        return unpacked

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
        self.queue.put([Event(account, call, Kind.LOGS_UPLOADED, upload.at, name, details)])
