"""The routes that Exotel calls. Each exists once more under a secret path."""

from docs.openapi.answers import PushAnswer
from docs.openapi.exotel_bodies import BridgeAnswer, CallEventBody, DialWhomBody, PushBody
from docs.openapi.operation import ACCOUNT, Operation, Success, query
from docs.openapi.problems import ALWAYS, WEBHOOK

_CALL = (
    query("CallSid", "Exotel's id of the call.", "743ddcf5a0552050bc37b6d0ff9613bn", required=True),
    query("CallFrom", "The caller, such as `sip:alice`.", "sip:alice", required=True),
    query("CallTo", "The exophone that was dialled.", "sip:08040408080"),
    query(
        "CustomField",
        "What the app passed to dial(). With `CustomFieldRouting=on`, `to:<name>` names the callee.",
        "to:bob",
    ),
    {
        "name": "Exotel-Version",
        "in": "header",
        "required": False,
        "description": "Selects a JSON answer if `DialWhomFormat` is `auto`.",
        "schema": {"type": "string"},
        "example": "1.0",
    },
)
_BRIDGE = {
    "fetch_after_attempt": False,
    "destination": {"numbers": ["sip:bob"]},
    "outgoing_phone_number": "08040408080",
    "record": False,
    "recording_channels": "single",
    "max_ringing_duration": 30,
    "max_conversation_duration": 3600,
    "music_on_hold": {"type": "default_tone"},
    "method": "GET",
    "code": 200,
    "error_data": None,
    "status": "success",
}
_PUSH = {
    "subscriberName": "bob",
    "payload": "eyJhbGciOiJIUzI1NiJ9.eyJjYWxsZXJJZCI6ImFsaWNlIn0.c2lnbmF0dXJl",
    "payloadVersion": "2.0",
}

_STATUS = {
    "CallSid": "743ddcf5a0552050bc37b6d0ff9613bn",
    "EventType": "terminal",
    "Status": "completed",
    "DateUpdated": "2019-11-23 22:00:37",
    "ConversationDuration": "30",
    "Legs": [{"OnCallDuration": "32", "Status": "completed", "AnsweredBy": "HUMAN"}],
}

_DIAL_WHOM = Operation(
    f"GET {ACCOUNT}/dialtonumber",
    "dialWhom",
    "Exotel",
    "Dial Whom: whom to bridge this caller to",
    "Answered within 4 seconds, including the wait for a late context. In text, an unknown caller, a caller "
    "without a context and a suspended callee are a 404; in JSON they are an empty `numbers`.",
    ("exotelBasic",),
    (Success("Whom to bridge to, in JSON or text.", BridgeAnswer, _BRIDGE), Success("", None, "sip:bob")),
    ("no_one", "invalid_field", *WEBHOOK, *ALWAYS),
    parameters=_CALL,
)

_BODY = ("malformed_json", "malformed_body", "encoded_body", "body_too_large")
_CALL_EVENT_PROBLEMS = (*WEBHOOK[:2], *ALWAYS)
_PASSTHRU = (
    query("CallSid", "Exotel's id of the call; an event without it is not stored.", "743ddcf5a0552050bc37b6d0ff9613bn"),
    query("CallType", "Passthru: `completed`, `incomplete` and so on.", "completed"),
    query("DialCallStatus", "Passthru: `completed`, `no-answer`, `busy`.", "completed"),
    query("EventType", "Agent pass-through: `Dial`, `Ringing`, `Answered`, `Terminal`.", "Ringing"),
    query("DialWhomNumber", "Whom Exotel dials.", "sip:bob"),
)

EXOTEL = (
    _DIAL_WHOM,
    Operation(
        f"HEAD {ACCOUNT}/dialtonumber",
        "dialWhomHead",
        "Exotel",
        "Dial Whom by HEAD",
        "The answer of GET, without the body.",
        ("exotelBasic",),
        (Success("There is somebody to bridge to, or in JSON an answer."),),
        _DIAL_WHOM.problems,
        parameters=_CALL,
    ),
    Operation(
        f"POST {ACCOUNT}/dialtonumber",
        "dialWhomByPost",
        "Exotel",
        "Dial Whom by POST",
        "The answer of GET. The fields are in the body (JSON, urlencoded or multipart), in the query or in both; a "
        "field in the body overrides the query.",
        ("exotelBasic",),
        _DIAL_WHOM.answers,
        (*_BODY, *_DIAL_WHOM.problems),
        DialWhomBody,
        {"CallSid": "743ddcf5a0552050bc37b6d0ff9613bn", "CallFrom": "sip:alice", "CallTo": "sip:08040408080"},
        forms=True,
        parameters=tuple({**one, "required": False} for one in _CALL),
        in_query=True,
    ),
    Operation(
        f"POST {ACCOUNT}/pushtoclient",
        "pushToClient",
        "Exotel",
        "Send a call's data for the callee's phones",
        "200 once it is in the queue, also for a name without a phone. The body can be JSON, urlencoded or multipart; "
        "its content decides which, not its content type.",
        ("exotelBasic",),
        (Success("Queued.", PushAnswer, {"pushId": "6f1d2c3b4a5968778695a4b3c2d1e0f0"}),),
        (
            *_BODY,
            "push_too_large",
            "missing_field",
            "invalid_field",
            "invalid_name",
            "invalid_payload",
            "not_queued",
            "too_slow",
            *WEBHOOK[:2],
            *ALWAYS,
        ),
        PushBody,
        _PUSH,
        forms=True,
    ),
    Operation(
        f"GET {ACCOUNT}/callevents",
        "passThru",
        "Exotel",
        "Passthru and agent pass-through: report the progress of a call",
        "Every field of Exotel's is stored, also those that are not listed. The applets branch on the status, so the "
        "answer is 200 and empty whatever the event contains; an event that cannot be stored is logged as `lost`.",
        ("exotelBasic",),
        (Success("Kept, or logged as lost.", None, ""),),
        _CALL_EVENT_PROBLEMS,
        parameters=_PASSTHRU,
    ),
    Operation(
        f"HEAD {ACCOUNT}/callevents",
        "passThruHead",
        "Exotel",
        "Check whether call events are accepted",
        "The answer of GET; nothing is stored.",
        ("exotelBasic",),
        (Success("They are."),),
        _CALL_EVENT_PROBLEMS,
    ),
    Operation(
        f"POST {ACCOUNT}/callevents",
        "statusCallback",
        "Exotel",
        "StatusCallback: report the state of a call",
        "In the body (JSON, urlencoded or multipart) or in the query. The body's content decides which, not its "
        "content type. Repeated, late and partial events are all stored; they overwrite nothing in the summary.",
        ("exotelBasic",),
        (Success("Kept.", None, ""),),
        (*_BODY, "invalid_field", "not_queued", *_CALL_EVENT_PROBLEMS),
        CallEventBody,
        _STATUS,
        forms=True,
    ),
)
