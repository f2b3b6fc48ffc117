"""What every JSON answer carries beside its own fields, which are in the rooms' answers.py and schema.py."""

from typing import Annotated

from pydantic import BaseModel, Field

_Code = Annotated[int, Field(description="The HTTP status again: the iOS app ignores an answer without it.")]
_RequestId = Annotated[str, Field(description="Quote it to the operator: it is in every log line.")]


class Answer(BaseModel):
    """What every JSON answer has."""

    http_code: _Code
    request_id: _RequestId


class Problem(Answer):
    """Why a request was refused. `message` is for people."""

    code: str = Field(description="For programs: a code keeps its meaning, and new ones may be added.")
    message: str
    field: str = Field(default="", description="The field or parameter that is at fault, if it is one.")


class SilentProblem(Problem):
    """Why a request was refused, in `detail`: apps show this route's `message` to the callee, whatever the status."""

    message: str = Field(max_length=0)
    detail: str
