"""What an import has done so far, line by line on disk, so that it can go on after being stopped at any moment.

The first line says which import this is; then come `{"asked": [name, …]}` before Exotel is asked for those names, and
`{"name", "exotel", "here"?, "reason"?}` once a name is settled. No password, and nothing made of one alone, is in it.
"""

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cli.errors import OperatorError


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one name: at Exotel created, existing or failed; here created, changed, unchanged or "" (not)."""

    name: str
    exotel: str
    here: str = ""
    reason: str = ""

    @property
    def failed(self) -> bool:
        """Whether it has to be tried again."""
        return self.exotel == "failed"


class Journal:
    """What was done, in memory: `settled` names are done, and of those `asked` Exotel may have got from us."""

    def __init__(self) -> None:
        self.settled: dict[str, Settled] = {}
        self.asked: set[str] = set()

    def ask(self, names: Iterable[str]) -> None:
        """Note that Exotel is about to be asked to create these."""
        self.asked.update(names)

    def settle(self, done: Iterable[Settled]) -> None:
        """Note what became of some names."""
        self.settled.update((one.name, one) for one in done)


class JournalFile(Journal):
    """A journal on disk, locked while it is open. Use it as a context manager; entering raises OperatorError.

    `about` says which import it is, `content` are the bytes of its CSV; `outdated` tells that the CSV has changed
    since, so that all of it is gone through again.
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
            raise OperatorError(f"another import is at work with the journal {self._path}") from error
        self._load()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def ask(self, names: Iterable[str]) -> None:
        """Write it down first: the next line may never come."""
        names = list(names)
        self._write({"asked": names})
        super().ask(names)

    def settle(self, done: Iterable[Settled]) -> None:
        """Write it down."""
        done = list(done)
        self._write(*({key: value for key, value in asdict(one).items() if value} for one in done))
        super().settle(done)

    def remove(self) -> None:
        """Remove the file: nothing is left to go on with."""
        with suppress(FileNotFoundError):
            self._path.unlink()

    def _load(self) -> None:
        """Read what is there; a last line that was cut off is as if it had not been written."""
        self._file.seek(0)
        content = self._file.read()
        whole = content.rpartition(b"\n")[0]
        self._file.truncate(len(whole) + 1 if whole else 0)
        try:
            entries = [json.loads(line) for line in whole.splitlines()]
        except ValueError as error:
            raise OperatorError(f"{self._path} is no journal of an import: remove it, or name another") from error
        if entries and not self._is_mine(entries[0]):
            self.outdated = True
        if not entries or self.outdated:
            self._begin()
        else:
            self._take(entries[1:])

    def _begin(self) -> None:
        salt = secrets.token_hex(16)
        self._file.truncate(0)
        self._write({**self._about, "salt": salt, "content": _digest(self._content, salt)})

    def _is_mine(self, head: Mapping[str, Any]) -> bool:
        if not isinstance(head, dict) or "salt" not in head or set(self._about) - set(head):
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
            else:
                self.settled[entry["name"]] = Settled(**entry)

    def _write(self, *entries: Mapping[str, Any]) -> None:
        self._file.write(b"".join(json.dumps(entry).encode() + b"\n" for entry in entries))
        self._file.flush()
        os.fsync(self._file.fileno())


def _digest(content: bytes, salt: str) -> str:
    """Recognise a file. A slow hash: the file holds passwords, and a fast one would let them be guessed."""
    return hashlib.scrypt(content, salt=salt.encode(), n=2**14, r=8, p=1).hex()
