"""Notes which AWS calls a handler makes for each event, so that the same can be made without the handler."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from awslambdaric import bootstrap
from botocore.client import BaseClient


def plain(value: Any) -> Any:
    """Return a parameter as it can be kept without the function's own classes: of a file its bytes."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, str):
        return str.__str__(value)
    if hasattr(value, "read"):
        at = value.tell()
        content = value.read()
        value.seek(at)
        return content
    return value


@contextmanager
def recording(path: str) -> Iterator[None]:
    """Write down, at the end, for each event that a handler got a list of (service, operation, parameters)."""
    calls: list[list[tuple[str, str, Any]]] = []
    client_class: Any = BaseClient  # what its clients are made of is in no type
    make, handler_named = client_class._make_api_call, bootstrap._get_handler

    def noted(client: Any, operation: str, parameters: Any) -> Any:
        if calls:  # before the first event it is INIT's
            calls[-1].append((client.meta.service_model.service_name, operation, plain(parameters)))
        return make(client, operation, parameters)

    def named(name: str) -> Any:
        handler = handler_named(name)

        def handle(event: Any, context: object) -> Any:
            calls.append([])
            return handler(event, context)

        return handle

    client_class._make_api_call, bootstrap._get_handler = noted, named
    yield
    Path(path).write_bytes(pickle.dumps(calls))
