"""The body of `POST S/pushes/{pushId}/ack` (contract 7)."""

from pydantic import BaseModel, ConfigDict, Field

from switchboard.pushes.stop_ringing import AckState


class AckBody(BaseModel):
    """What the phone does with the call; the body may be empty."""

    model_config = ConfigDict(extra="allow")

    state: AckState = Field(
        default=AckState.RINGING,
        description='`answered`, `declined` and `busy` stop the user\'s other phones (`knows: ["cancel"]`).',
    )
