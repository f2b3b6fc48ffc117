"""What DynamoDB refuses and moto takes: keys that are empty or too long, which anybody could put into a path."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError
from botocore.session import Session

LONGEST = {"pk": 2048, "sk": 1024}  # bytes


def keep_to_dynamodbs(session: Session) -> None:
    """Let the clients that the session makes from now on refuse such keys as DynamoDB does."""
    session.register("before-parameter-build.dynamodb", _check)


def _check(**told: Any) -> None:
    for name, text in _keys(told["params"]):
        if not 1 <= len(text.encode()) <= LONGEST[name]:
            raise ClientError(
                {"Error": {"Code": "ValidationException", "Message": f"size of {name}"}}, told["model"].name
            )


def _keys(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in LONGEST and isinstance(inner, Mapping) and "S" in inner:
                yield name, inner["S"]
            yield from _keys(inner)
    elif isinstance(value, list):
        for one in value:
            yield from _keys(one)
