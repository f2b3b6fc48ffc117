"""The progress of an import, line by line on disk, so that it can continue after a stop at any time.

The first line names the import; then come `{"asked": [name, …]}` before Exotel is asked for those names,
`{"making": name}` before our profile is created, and `{"name", "exotel", "here"?, "reason"?}` once a name is settled.
It holds no password, and no hash of a password alone.
"""

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cli.errors import OperatorError
from cli.subscribers.journal import Journal, Settled


class JournalFile(Journal):
    """A journal on disk, locked while it is open. Use it as a context manager; entering raises OperatorError.

    `about` names the import, `content` is its CSV; `outdated`: the CSV has changed since, so all rows are checked
    again.
    """

    def __init__(self, path: Path, about: Mapping[str, str], content: bytes) -> None:
        super().__init__()
        self._path, self._about, self._content = path, dict(about), content
        self.outdated = False

    def __enter__(self) -> Self:
        try:
            self._file = self._path.open("a+b")
        except OSError as error:
            raise OperatorError(f"the journal {self._path} cannot be written: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise OperatorError(f"another import is using the journal {self._path}") from error
        try:
            self._load()
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def ask(self, names: Iterable[str]) -> None:
        """Write the line before the request: the process may end after it."""
        names = list(names)
        self._write({"asked": names})
        super().ask(names)

    def make(self, name: str) -> None:
        """Write the line before the creation."""
        self._write({"making": name})
        super().make(name)

    def settle(self, done: Iterable[Settled]) -> None:
        """Write a line for each."""
        done = list(done)
        self._write(*({key: value for key, value in asdict(one).items() if value} for one in done))
        super().settle(done)

    def remove(self) -> None:
        """Remove the file: nothing is left to do."""
        with suppress(FileNotFoundError):
            self._path.unlink()

    def _load(self) -> None:
        """Read the file; an incomplete last line is ignored."""
        self._file.seek(0)
        content = self._file.read()
        whole, newline, _ = content.rpartition(b"\n")
        entries = self._entries(content, whole)
        self.outdated = bool(entries) and not self._is_mine(entries[0])
        self._file.truncate(len(whole) + len(newline))
        if not entries or self.outdated:
            self._begin()
        else:
            self._take(entries[1:])

    def _entries(self, content: bytes, whole: bytes) -> list[Any]:
        try:
            entries = [json.loads(line) for line in whole.splitlines()]
        except ValueError:
            entries = [None]
        if (content and not content.startswith(b"{")) or not all(isinstance(entry, dict) for entry in entries):
            raise OperatorError(f"{self._path} is no journal of an import: remove it, or name another")
        return entries

    def _begin(self) -> None:
        salt = secrets.token_hex(16)
        self._file.truncate(0)
        self._write({**self._about, "salt": salt, "content": _digest(self._content, salt)})

    def _is_mine(self, head: Mapping[str, Any]) -> bool:
        if "salt" not in head or set(self._about) - set(head):
            raise OperatorError(f"{self._path} is no journal of an import: remove it, or name another")
        other = next((key for key, value in self._about.items() if head[key] != value), None)
        if other:
            raise OperatorError(
                f"{self._path} is of an import into the {other} {head[other]}: finish that first, or remove it"
            )
        return bool(head["content"] == _digest(self._content, head["salt"]))

    def _take(self, entries: Iterable[Mapping[str, Any]]) -> None:
        for entry in entries:
            if "asked" in entry:
                self.asked.update(entry["asked"])
            elif "making" in entry:
                self.making.add(entry["making"])
            else:
                self.settled[entry["name"]] = Settled(**entry)

    def _write(self, *entries: Mapping[str, Any]) -> None:
        self._file.write(b"".join(json.dumps(entry).encode() + b"\n" for entry in entries))
        self._file.flush()
        os.fsync(self._file.fileno())


def _digest(content: bytes, salt: str) -> str:
    """Return the file's fingerprint by a slow hash: with a fast one its passwords could be guessed."""
    return hashlib.scrypt(content, salt=salt.encode(), n=2**14, r=8, p=1).hex()
