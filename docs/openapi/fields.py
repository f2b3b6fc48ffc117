"""What the document says of the fields of answers whose rooms keep pydantic out: their types are all they can state."""

from collections.abc import Mapping
from typing import Any

from switchboard.calls.answers import SharedContext
from switchboard.exotel.bridge_answer import BridgeAnswer
from switchboard.exotel.routing import (
    LONGEST_CONVERSATION,
    LONGEST_RINGING,
    SHORTEST_CONVERSATION,
    SHORTEST_RINGING,
)
from switchboard.reports.answers import FeedbackAnswer
from switchboard.subscribers.answers import ContactsEntry, DeviceAnswer
from switchboard.timeline.answers import ListedCall

# the field is an object in other answers of Exotel's; code generators know no type that has null only
_ALWAYS_NULL = {"type": ["object", "null"], "description": "Always null."}

FIELDS: Mapping[type, Mapping[str, Mapping[str, Any]]] = {
    SharedContext: {
        "message": {"description": "Shown to the callee; may be empty."},
        "callerName": {
            "description": "The caller's display name when the context was set, else the name.",
            "minLength": 1,
        },
        "expires_at": {"description": "Epoch seconds."},
    },
    BridgeAnswer: {
        "error_data": _ALWAYS_NULL,
        "outgoing_phone_number": {"description": "Absent where no number is known."},
        "max_ringing_duration": {"minimum": SHORTEST_RINGING, "maximum": LONGEST_RINGING},
        "max_conversation_duration": {"minimum": SHORTEST_CONVERSATION, "maximum": LONGEST_CONVERSATION},
    },
    ContactsEntry: {"error_data": _ALWAYS_NULL},
    FeedbackAnswer: {"rating": {"minimum": 1, "maximum": 5}},
    DeviceAnswer: {
        "tokenType": {"description": "Absent where a stock app sent no token yet, so that nothing was stored."},
        "warning": {"description": "Why the phone does not ring by what was sent, where that is so."},
    },
    ListedCall: {
        "id": {"description": "The CallSid, or another id of the call while that is not known."},
        "started_at": {"description": "Epoch seconds."},
        "rating": {"description": "What the subscriber rated the call, 1 to 5."},
    },
}
