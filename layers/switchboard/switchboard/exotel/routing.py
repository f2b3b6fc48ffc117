"""The callee in a CustomField, and Dial Whom's JSON response."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from switchboard.foundation.caller_ids import is_whatsapp, name_in
from switchboard.subscribers.status import possible_name

if TYPE_CHECKING:
    from switchboard.exotel.bridge_answer import BridgeAnswer

_PHONE_NUMBER = re.compile(r"\+?[0-9]{3,15}\Z")  # E.164: at most 15 digits

LONGEST_RINGING = 60  # seconds; Connect applet
LONGEST_CONVERSATION = 4500  # seconds; Connect applet
SHORTEST_RINGING = 5
SHORTEST_CONVERSATION = 60


def routed_to(custom_field: str, caller: str) -> str | None:
    """Return the callee in a CustomField of the form `to:<name>`; the name may be written as any caller id.

    Returns None for every other form (the stock apps send the caller's display name or other texts, contract 4), for
    WhatsApp numbers, and for the caller's own name in upper or lower case.
    """
    form, _, destination = custom_field.partition(":")
    if form.strip().lower() != "to" or is_whatsapp(destination):
        return None
    callee = name_in(destination)
    return callee if possible_name(callee) and callee.casefold() != caller.casefold() else None


class BridgeOptions(NamedTuple):
    """Options of a bridged call. Times are in seconds; `answer` limits them to the range that Exotel accepts."""

    ringing: int = 30
    conversation: int = 900
    record: bool = False
    recording_channels: Literal["single", "dual"] = "single"

    def answer(self, callee: str | None, *outgoing: object) -> BridgeAnswer:
        """Return programmable Connect's JSON: one invalid field makes Exotel drop the call (contract 2.1).

        The first valid phone number in `outgoing` is included; without one, Exotel chooses the number.
        """
        answer: BridgeAnswer = {
            "fetch_after_attempt": False,
            "destination": {"numbers": [f"sip:{callee}"] if callee else []},
            "record": self.record,
            "recording_channels": self.recording_channels,
            "max_ringing_duration": clamp(self.ringing, SHORTEST_RINGING, LONGEST_RINGING),
            "max_conversation_duration": clamp(self.conversation, SHORTEST_CONVERSATION, LONGEST_CONVERSATION),
            "music_on_hold": {"type": "default_tone"},
            "method": "GET",
            "code": 200,
            "error_data": None,
            "status": "success",
        }
        number = next((one for one in outgoing if isinstance(one, str) and _PHONE_NUMBER.match(one)), None)
        if number:
            answer["outgoing_phone_number"] = number
        return answer


def clamp(value: int, least: int, most: int) -> int:
    """Return `value`, limited to `least` and `most`."""
    return max(least, min(most, value))
