"""Notes which AWS calls a handler makes for each event, so that the same can be made without the handler."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from awslambdaric import bootstrap


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


def noting(calls: list[Any]) -> None:
    """Let the clients note their calls: ours, or botocore's in a rival, which has no code of ours."""
    try:
        from switchboard.aws.json_client import JsonClient
        from switchboard.aws.s3_client import S3Client
    except ImportError:
        _note_botocores(calls)
        return
    for kind in (JsonClient, S3Client):
        _note_ours(kind, calls)


def _note_ours(kind: Any, calls: list[Any]) -> None:
    call = kind.call

    def noted(client: Any, operation: str, **parameters: Any) -> Any:
        if calls:  # before the first event it is INIT's
            calls[-1].append((client.service, operation, plain(parameters)))
        return call(client, operation, **parameters)

    kind.call = noted


def _note_botocores(calls: list[Any]) -> None:
    from botocore.client import BaseClient

    kind: Any = BaseClient  # what its clients are made of is in no type
    call = kind._make_api_call

    def noted(client: Any, operation: str, parameters: Any) -> Any:
        if calls:
            calls[-1].append((client.meta.service_model.service_name, operation, plain(parameters)))
        return call(client, operation, parameters)

    kind._make_api_call = noted


@contextmanager
def recording(path: str) -> Iterator[None]:
    """Write down, at the end, for each event that a handler got a list of (service, operation, parameters)."""
    calls: list[list[tuple[str, str, Any]]] = []
    handler_named = bootstrap._get_handler
    noting(calls)

    def named(name: str) -> Any:
        handler = handler_named(name)

        def handle(event: Any, context: object) -> Any:
            calls.append([])
            return handler(event, context)

        return handle

    bootstrap._get_handler = named
    yield
    Path(path).write_bytes(pickle.dumps(calls))
