"""Keeps users, devices and calls over restarts (`STATE=dir`), as the items of their tables."""

import base64
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from local.deployment.aws import Aws
from local.deployment.deploy import Deployment
from local.errors import LocalStackError
from local.simulators.exotel_subscribers import Subscriber, Subscribers

# Call contexts end within the hour, and sessions with the key that each start makes anew.
TABLES = ("SubscribersTable", "CallsTable")
EXOTEL = "exotel"
AT_ONCE = 25  # items of a BatchWriteItem


@dataclass(frozen=True)
class State:
    """The state in a folder that only its owner can read and git ignores; no secret of the stack is in it."""

    folder: Path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for one stack; raises LocalStackError where another one runs."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        (self.folder / ".gitignore").write_text("*\n", encoding="ascii")
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise LocalStackError(f"STATE: another stack uses {self.folder}") from error
            yield

    def restore(self, aws: Aws, deployment: Deployment, subscribers: Subscribers) -> int:
        """Put everything back; return how many items there were. Raises LocalStackError for a file that is broken."""
        count = 0
        for table in TABLES:
            items = [_with_bytes(item) for item in self._read(table)]
            count += len(items)
            _write(aws, deployment.resources[table], items)
        for account, known in self._read(EXOTEL):
            subscribers.restore(account, Subscriber(**known))
        return count

    def save(self, aws: Aws, deployment: Deployment, subscribers: Subscribers) -> None:
        """Write everything down."""
        for table in TABLES:
            pages = aws.dynamodb.get_paginator("scan").paginate(TableName=deployment.resources[table])
            self._keep(table, [item for page in pages for item in page["Items"]])
        self._keep(EXOTEL, [(account, asdict(known)) for account, known in subscribers.everyone()])

    def _read(self, name: str) -> Sequence[Any]:
        file = self.folder / f"{name}.json"
        try:
            found = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
            return found if isinstance(found, list) else []
        except (OSError, ValueError) as error:
            raise LocalStackError(f"STATE: {file} cannot be read; remove it to begin anew") from error

    def _keep(self, name: str, content: Sequence[Any]) -> None:
        """Replace a file in one step, so that none is ever half written."""
        new = self.folder / f"{name}.new"
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(content, file, default=lambda value: base64.b64encode(value).decode())
        new.replace(self.folder / f"{name}.json")


def _write(aws: Aws, table: str, items: Sequence[dict[str, Any]]) -> None:
    for first in range(0, len(items), AT_ONCE):
        requests: Any = [{"PutRequest": {"Item": item}} for item in items[first : first + AT_ONCE]]
        while requests:
            answer = aws.dynamodb.batch_write_item(RequestItems={table: requests})
            requests = answer.get("UnprocessedItems", {}).get(table, [])


def _with_bytes(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item with its binary values as bytes."""
    return {name: {"B": base64.b64decode(value["B"])} if "B" in value else value for name, value in item.items()}
