"""The routes by which Exotel tells what becomes of a call."""

from docs.openapi.exotel_bodies import CallEventBody
from docs.openapi.operation import ACCOUNT, Operation, Success, query
from docs.openapi.problems import ALWAYS, HOOK_BODY, WEBHOOK

_PROBLEMS = (*WEBHOOK[:2], *ALWAYS)
_STATUS = {
    "CallSid": "743ddcf5a0552050bc37b6d0ff9613bn",
    "EventType": "terminal",
    "Status": "completed",
    "DateUpdated": "2019-11-23 22:00:37",
    "ConversationDuration": "30",
    "Legs": [{"OnCallDuration": "32", "Status": "completed", "AnsweredBy": "HUMAN"}],
}
_PASSTHRU = (
    query("CallSid", "Exotel's id of the call; an event without it is not kept.", "743ddcf5a0552050bc37b6d0ff9613bn"),
    query("CallType", "Passthru: `completed`, `incomplete` and so on.", "completed"),
    query("DialCallStatus", "Passthru: `completed`, `no-answer`, `busy`.", "completed"),
    query("EventType", "Agent pass-through: `Dial`, `Ringing`, `Answered`, `Terminal`.", "Ringing"),
    query("DialWhomNumber", "Whom Exotel dials.", "sip:bob"),
)

CALL_EVENTS = (
    Operation(
        f"GET {ACCOUNT}/callevents",
        "passThru",
        "Exotel",
        "Passthru and agent pass-through: what becomes of a call",
        "Every field of Exotel's is taken, also those that are not listed. The applets branch on the status, so the "
        "answer is 200 and empty whatever the event holds; an event that cannot be kept is logged as `lost`.",
        ("exotelBasic",),
        (Success("Kept, or logged as lost.", None, ""),),
        _PROBLEMS,
        parameters=_PASSTHRU,
    ),
    Operation(
        f"HEAD {ACCOUNT}/callevents",
        "passThruHead",
        "Exotel",
        "Look whether call events are taken",
        "As GET answers, and nothing is kept.",
        ("exotelBasic",),
        (Success("They are."),),
        _PROBLEMS,
    ),
    Operation(
        f"POST {ACCOUNT}/callevents",
        "statusCallback",
        "Exotel",
        "StatusCallback: what became of a call",
        "In the body, which may be JSON, urlencoded or multipart, or in the query: what the body looks like decides, "
        "not its content type. Repeated, late and partial events are all kept; the summary loses nothing by them.",
        ("exotelBasic",),
        (Success("Kept.", None, ""),),
        (*HOOK_BODY, "invalid_field", "not_queued", *_PROBLEMS),
        CallEventBody,
        _STATUS,
    ),
)
