"""Answers that functions build without a model, because pydantic is too slow for where they are made."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from switchboard.reports.feedback import Issue
from switchboard.subscribers.subscriber import TokenType

_Code = Annotated[int, Field(description="Equal to the HTTP status. The iOS app ignores an answer without it.")]
_RequestId = Annotated[str, Field(description="Give it to the operator: it is in every log line.")]


class Answer(BaseModel):
    """What every JSON answer has."""

    http_code: _Code
    request_id: _RequestId


class Problem(Answer):
    """Why a request was refused. `code` is for programs and does not change; `message` is for people."""

    code: str
    message: str
    field: str | None = Field(default=None, description="The field or parameter that is at fault, if it is one.")


class SilentProblem(Problem):
    """Why a request was refused, in `detail`: apps show this route's `message` to the callee, whatever the status."""

    message: Literal[""]
    detail: str


class SharedContext(BaseModel):
    """What a call is about; without a context `message` is empty and the last two are absent."""

    message: str = Field(description="Shown to the callee; may be empty.")
    callerName: str = Field(  # noqa: N815 - the apps' own form
        min_length=1, description="The caller's display name when the context was set, or else the caller's name."
    )
    dialToNumber: str = ""  # noqa: N815
    expires_at: int = Field(default=0, description="Epoch seconds.")


class ContextAnswer(BaseModel):
    """A call context; `expires_at` in epoch seconds."""

    dialToNumber: str  # noqa: N815 - the apps' own word
    message: str
    expires_at: int


class DeviceAnswer(BaseModel):
    """The type that the token was taken for."""

    tokenType: TokenType | None = Field(  # noqa: N815
        default=None, description="Absent if a stock app sent no token yet, so nothing was stored."
    )
    warning: str = Field(default="", description="Why the phone does not ring with this token, if that is so.")


class RemovedAnswer(BaseModel):
    """Whether that device was registered for this subscriber."""

    removed: bool


class ShownContact(BaseModel):
    """One contact; `contact_number` is a subscriber's name."""

    contact_name: str
    contact_number: str


class ShownGroup(BaseModel):
    """A titled list of contacts."""

    group: str
    is_special: bool
    contacts: list[ShownContact]


class ContactsEntry(BaseModel):
    """One entry of the stock apps' list."""

    code: Literal[200]
    error_data: None
    status: Literal["success"]
    data: ShownGroup


class ContactsAnswer(BaseModel):
    """The subscriber's contact groups, in the stock apps' envelope."""

    response: list[ContactsEntry]


class LogDestinationAnswer(BaseModel):
    """Where to PUT one zip of logs, within 15 minutes."""

    logDestinationURL: str  # noqa: N815
    logDestinationFileName: str  # noqa: N815


class PushAnswer(BaseModel):
    """The push is in the queue. Its id is sent to the phone with it."""

    pushId: str  # noqa: N815


class FeedbackAnswer(BaseModel):
    """The stored feedback of this subscriber for this call."""

    callId: str  # noqa: N815
    rating: int = Field(ge=1, le=5)
    issue: Issue
    comment: str


class AcceptedAnswer(BaseModel):
    """How many were taken."""

    accepted: int
