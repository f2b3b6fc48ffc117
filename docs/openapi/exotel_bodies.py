"""What Exotel sends, which functions read without a model: pydantic is too slow for them."""

from pydantic import BaseModel, Field


class DialWhomBody(BaseModel):
    """The fields of a POST. Each can be in the query instead; a field in the body overrides the query."""

    CallSid: str = Field(default="", max_length=100, description="Exotel's id of the call.")
    CallFrom: str = Field(default="", description="The caller, such as `sip:alice`.")
    CallTo: str = Field(default="", description="The exophone that was dialled.")
    CustomField: str = Field(default="", description="What the app passed to dial().")


class PushBody(BaseModel):
    """The data of a call, relayed byte for byte."""

    subscriberName: str = Field(min_length=1, max_length=16, description="The callee.")  # noqa: N815
    payload: str = Field(description="A JWT in compact form; all three fields together have at most 4096 bytes.")
    payloadVersion: str = Field(min_length=1)  # noqa: N815


class Leg(BaseModel):
    """A destination that was tried, or a party's leg. In forms its fields are named `Legs[0][Status]` and so on."""

    OnCallDuration: str | int = Field(default="", description="Seconds.")
    Status: str = ""
    AnsweredBy: str = ""


class CallEventBody(BaseModel):
    """A call's state as Exotel reports it; all other fields are stored too. Times without a zone are +05:30."""

    CallSid: str = Field(min_length=1, max_length=100)
    EventType: str = Field(default="", description="`answered` or `terminal`.")
    Status: str = Field(default="", description="`completed`, `failed`, `busy` or `no-answer`.")
    DateUpdated: str = Field(default="", description="The time of this state, such as `2019-11-23 22:00:37`.")
    ConversationDuration: str | int = Field(default="", description="Seconds that both parties were on the call.")
    RecordingUrl: str = Field(default="", description="Stored as a link; the audio stays with Exotel.")
    Legs: list[Leg] = Field(default=[])
