"""Checks one entry of a zip's directory."""

import re
import stat
import struct
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from switchboard.logs.uploads import Fault, UnacceptableUploadError

_ENCRYPTED = 0x2041  # bits 0, 6 and 13: encryption, strong encryption, encrypted directory
_PATCHED = 0x20
_UTF8 = 0x800
_UNICODE_PATH = 0x7075  # an extra field with another name for the entry
_FIELD = struct.Struct("<HH")
_DRIVE = re.compile(r"[A-Za-z]:")


def check_entry(entry: ZipInfo) -> None:
    """Raise UnacceptableUploadError for an entry that is encrypted, unsupported, a link or unsafely named."""
    if entry.flag_bits & _ENCRYPTED:
        raise UnacceptableUploadError(Fault.ENCRYPTED)
    if entry.flag_bits & _PATCHED or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise UnacceptableUploadError(Fault.UNSUPPORTED)
    name = entry.orig_filename
    outside = name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/")
    if not name or "\0" in name or "\\" in name or outside:
        raise UnacceptableUploadError(Fault.UNSAFE_NAME)
    # checked for every system that the entry may name, because some tools create links in any case
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UnacceptableUploadError(Fault.LINK)
    check_extra_fields(entry.extra)


def check_extra_fields(extra: bytes) -> None:
    """Raise UnacceptableUploadError for extra fields that rename the entry or are truncated."""
    at = 0
    while at + _FIELD.size <= len(extra):
        kind, length = _FIELD.unpack_from(extra, at)
        if kind == _UNICODE_PATH:
            raise UnacceptableUploadError(Fault.UNSAFE_NAME)
        at += _FIELD.size + length
    if at > len(extra):
        raise UnacceptableUploadError(Fault.DAMAGED)


def encoded_name(entry: ZipInfo) -> bytes:
    """Return the entry's name as the directory's bytes, before zipfile decoded them."""
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8 else "cp437")
