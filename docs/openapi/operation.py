"""One documented route: what the template and the schemas cannot say about it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from docs.openapi.answers import Problem

ACCOUNT = "/v1/accounts/{accountSid}"
SUBSCRIBER = ACCOUNT + "/subscribers/{name}"


@dataclass(frozen=True)
class Success:
    """An answer that is no refusal. Without a model there is no body, unless `example` is text.

    A model is a room's own: a TypedDict, or a pydantic model where the function uses pydantic.
    """

    description: str
    model: type | None = None
    example: Mapping[str, Any] | str | None = None
    status: int = 200


@dataclass(frozen=True)
class Operation:
    """A route by its key; `security` lists alternatives, `problems` its refusals' codes, `problem` their model."""

    route: str
    name: str
    tag: str
    summary: str
    description: str
    security: tuple[str, ...]
    answers: tuple[Success, ...]
    problems: tuple[str, ...]
    body: type[BaseModel] | None = None
    example: Mapping[str, Any] | None = None
    parameters: tuple[Mapping[str, Any], ...] = ()
    problem: type[Problem] = Problem
    in_query: bool = False
    """Whether the query can replace the body."""
    body_optional: bool = False

    @property
    def method(self) -> str:
        """`GET` and so on."""
        return self.route.partition(" ")[0]

    @property
    def path(self) -> str:
        """The path with its parameters in braces."""
        return self.route.partition(" ")[2]

    @property
    def path_parameters(self) -> list[str]:
        """The names of the path's parameters, in its order."""
        return re.findall(r"\{(\w+)\}", self.path)


def query(name: str, description: str, example: str, *, required: bool = False) -> Mapping[str, Any]:
    """Return a parameter of the query."""
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }
