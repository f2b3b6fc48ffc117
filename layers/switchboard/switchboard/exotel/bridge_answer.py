"""What Dial Whom answers in JSON (contract 2.1)."""

from typing import Literal, NotRequired, TypedDict


class Destination(TypedDict):
    """Whom to dial, `sip:<name>`; none takes the applet's "we dialled no one" branch."""

    numbers: list[str]


class MusicOnHold(TypedDict):
    """What the caller hears meanwhile."""

    type: Literal["default_tone"]


class BridgeAnswer(TypedDict):
    """Programmable Connect's answer. Durations are seconds."""

    fetch_after_attempt: Literal[False]
    destination: Destination
    outgoing_phone_number: NotRequired[str]
    record: bool
    recording_channels: Literal["single", "dual"]
    max_ringing_duration: int
    max_conversation_duration: int
    music_on_hold: MusicOnHold
    method: Literal["GET"]
    code: Literal[200]
    error_data: None
    status: Literal["success"]
