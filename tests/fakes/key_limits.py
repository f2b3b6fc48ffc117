"""Keys that DynamoDB refuses and moto accepts: empty or too long ones, which anybody can put into a path."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError
from botocore.session import Session

LONGEST = {"pk": 2048, "sk": 1024}  # bytes


def keep_to_dynamodbs(session: Session) -> None:
    """Make the session's new clients refuse such keys, as DynamoDB does."""
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
