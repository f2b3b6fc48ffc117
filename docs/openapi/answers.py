"""What every JSON answer carries beside its own fields, which are in the rooms' answers.py and schema.py."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

_Code = Annotated[int, Field(description="The HTTP status again: the iOS app ignores an answer without it.")]
_RequestId = Annotated[str, Field(description="Quote it to the operator: it is in every log line.")]


class Answer(BaseModel):
    """What every JSON answer carries."""

    http_code: _Code
    request_id: _RequestId


class Problem(Answer):
    """Why a request was refused. `code` is for programs and stays as it is, `message` is for people."""

    code: str
    message: str
    field: str | None = Field(default=None, description="Which field or parameter is at fault, where one is.")


class SilentProblem(Problem):
    """Why a request was refused, in `detail`: apps show this route's `message` to the callee, whatever the status."""

    message: Literal[""]
    detail: str
