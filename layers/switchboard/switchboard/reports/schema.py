"""Bodies of feedback and of the SDK's events (contract 5 and 7). Names are the SDK's own."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SkipValidation, model_validator

from switchboard.reports import feedback

MOST_EVENTS = 100  # in one request
CallId = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._@+=/-]+$")]
_OptionalId = Annotated[CallId | None, BeforeValidator(lambda value: value or None)]  # apps send "" for what they lack
_Text = Annotated[str, Field(max_length=500)] | None


class FeedbackBody(BaseModel):
    """A party's rating of a call."""

    model_config = ConfigDict(strict=True)

    callId: CallId = Field(description="The CallSid, a push's `pushId`, or the SDK's session id.")  # noqa: N815
    rating: int = Field(ge=1, le=5, description="5 excellent, 1 terrible.")
    issue: Annotated[feedback.Issue, Field(strict=False)]
    comment: str | None = Field(default=None, max_length=feedback.LONGEST_COMMENT)
    statistics: dict[str, object] | None = Field(
        default=None,
        max_length=feedback.MOST_FIGURES,
        description="The SDK's getStatistics: `audioCodec`, `fractionLost`, `averageJitterMs`, `rttMs`, `MOS`, others.",
    )

    def to_domain(self) -> feedback.Feedback:
        """Return the feedback in the domain's words."""
        return feedback.Feedback(self.rating, self.issue, self.comment or "", self.statistics)


class _Open(BaseModel):
    """Accepts unlisted fields as well: they are stored, within limits."""

    model_config = ConfigDict(extra="allow")


class SdkError(_Open):
    """An ExotelVoiceError."""

    type: str = Field(min_length=1, max_length=60, description="Such as `CONGESTION_ERROR`.")
    message: _Text = None


class SdkCdr(_Open):
    """The SDK's call details at the end of a call."""

    callId: _OptionalId = None  # noqa: N815
    sessionId: _OptionalId = None  # noqa: N815
    state: _Text = Field(default=None, description="The CallState, such as `ENDED`.")
    duration: SkipValidation[float | str | None] = Field(default=None, description="Seconds.")
    endReason: _Text = Field(default=None, description="The CallEndReason, such as `BUSY`.")  # noqa: N815


class SdkEvent(_Open):
    """One event: a callback by its name, an error, a CDR, or several of these at once."""

    name: str | None = Field(default=None, min_length=1, max_length=60, description="Such as `onCallRinging`.")
    time: SkipValidation[float | str | None] = Field(
        default=None, description="When it happened: epoch seconds or milliseconds, or ISO 8601. Default: its arrival."
    )
    callId: _OptionalId = Field(default=None, description="The CallSid, if the app knows it.")  # noqa: N815
    pushId: _OptionalId = Field(default=None, description="The `pushId` that came with the push.")  # noqa: N815
    sessionId: _OptionalId = Field(default=None, description="The SDK's session id.")  # noqa: N815
    error: SdkError | None = None
    cdr: SdkCdr | None = None


class EventsBody(BaseModel):
    """Events in any order; a single one may also be the body itself."""

    events: list[SdkEvent] = Field(min_length=1, max_length=MOST_EVENTS)

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, body: Any) -> Any:  # noqa: ANN401 - pydantic's own signature
        return body if not isinstance(body, dict) or "events" in body else {"events": [body]}
