"""Answers that functions build without a model, because pydantic is too slow for where they are made."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from switchboard.domain.feedback import Issue
from switchboard.domain.subscribers import TokenType

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


class ContextAnswer(BaseModel):
    """A call context; `expires_at` in epoch seconds."""

    dialToNumber: str  # noqa: N815 - the apps' own word
    message: str
    expires_at: int


class DeviceAnswer(BaseModel):
    """How the token was understood."""

    tokenType: TokenType  # noqa: N815
    warning: str = Field(default="", description="Present where the phone cannot be reached by such a token yet.")


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
    data: ShownGroup


class ContactsAnswer(BaseModel):
    """The subscriber's contact groups, in the stock apps' envelope."""

    response: list[ContactsEntry]


class LogDestinationAnswer(BaseModel):
    """Where to PUT one zip of logs, within 15 minutes."""

    logDestinationURL: str  # noqa: N815
    logDestinationFileName: str  # noqa: N815


class PushAnswer(BaseModel):
    """The push is in the queue; its id rides along to the phone."""

    pushId: str  # noqa: N815


class FeedbackAnswer(BaseModel):
    """The feedback that stands for this subscriber and call."""

    callId: str  # noqa: N815
    rating: int = Field(ge=1, le=5)
    issue: Issue
    comment: str


class AcceptedAnswer(BaseModel):
    """How many were taken."""

    accepted: int


class Destination(BaseModel):
    """Whom to dial, `sip:<name>`; none takes the applet's "we dialled no one" branch."""

    numbers: list[str]


class MusicOnHold(BaseModel):
    """What the caller hears meanwhile."""

    type: Literal["default_tone"]


class BridgeAnswer(BaseModel):
    """Programmable Connect's answer. Durations are seconds."""

    fetch_after_attempt: Literal[False]
    destination: Destination
    outgoing_phone_number: str = Field(default="", description="Absent where no number is known.")
    record: bool
    recording_channels: Literal["single", "dual"]
    max_ringing_duration: int = Field(ge=5, le=60)
    max_conversation_duration: int = Field(ge=60, le=4500)
    music_on_hold: MusicOnHold
    method: Literal["GET"]
    code: Literal[200]
    error_data: None
    status: Literal["success"]


class PushBody(BaseModel):
    """The data of a call, relayed byte for byte."""

    subscriberName: str = Field(min_length=1, max_length=16, description="The callee.")  # noqa: N815
    payload: str = Field(description="A JWT in compact form; all data together at most 4096 bytes.")
    payloadVersion: str = Field(min_length=1)  # noqa: N815


class Leg(BaseModel):
    """One party's part of a call. In forms its fields are named `Legs[0][Status]` and so on."""

    OnCallDuration: str | int = Field(default="", description="Seconds.")
    Status: str = ""
    AnsweredBy: str = ""


class CallEventBody(BaseModel):
    """A call's state, as Exotel tells it; every other field is taken too. Times are +05:30 where no zone is given."""

    CallSid: str = Field(min_length=1, max_length=100)
    EventType: str = Field(default="", description="`answered` or `terminal`.")
    Status: str = Field(default="", description="`completed`, `failed`, `busy` or `no-answer`.")
    DateUpdated: str = Field(default="", description="When that was, such as `2019-11-23 22:00:37`.")
    ConversationDuration: str | int = Field(default="", description="Seconds that both parties were on the call.")
    RecordingUrl: str = Field(default="", description="Kept as a link; the audio stays with Exotel.")
    Legs: list[Leg] = Field(default=[])


class ListedCall(BaseModel):
    """A call as the subscriber saw it; null where nothing is known (yet)."""

    id: str = Field(description="The CallSid, or another id of the call while that is not known.")
    call_sid: str | None
    push_ids: list[str]
    session_ids: list[str]
    direction: Literal["incoming", "outgoing"]
    other_party: str | None
    started_at: int | None = Field(description="Epoch seconds.")
    outcome: Literal["answered", "missed", "rejected", "failed"] | None
    ring_seconds: float | None
    talk_seconds: float | None
    rating: int | None = Field(description="What the subscriber rated the call, 1 to 5.")


class CallsAnswer(BaseModel):
    """A page of calls."""

    calls: list[ListedCall]
    cursor: str | None
