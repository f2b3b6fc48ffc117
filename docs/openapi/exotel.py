"""The routes that Exotel calls. Each exists once more under a secret path."""

from docs.openapi.answers import BridgeAnswer, PushAnswer, PushBody
from docs.openapi.operation import ACCOUNT, Operation, Success, query
from docs.openapi.problems import ALWAYS, WEBHOOK

_CALL = (
    query("CallSid", "Exotel's id of the call.", "743ddcf5a0552050bc37b6d0ff9613bn", required=True),
    query("CallFrom", "The caller, such as `sip:alice`.", "sip:alice", required=True),
    query("CallTo", "The exophone that was dialled.", "sip:08040408080"),
    query("CustomField", "What the app passed to dial(); names the callee with `CustomFieldRouting=on`.", "bob"),
    {
        "name": "Exotel-Version",
        "in": "header",
        "required": False,
        "description": "Asks for JSON where `DialWhomFormat` is `auto`.",
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

_DIAL_WHOM = Operation(
    f"GET {ACCOUNT}/dialtonumber",
    "dialWhom",
    "Exotel",
    "Dial Whom: whom to bridge this caller to",
    "Answered within 4 seconds of arrival, the wait for a late context included. In text an unknown caller, a caller "
    "without a context and a suspended callee are a 404; in JSON they are an empty `numbers`.",
    ("exotelBasic",),
    (Success("Whom to bridge to, in JSON or text.", BridgeAnswer, _BRIDGE), Success("", None, "sip:bob")),
    ("no_one", "invalid_field", *WEBHOOK, *ALWAYS),
    parameters=_CALL,
)

EXOTEL = (
    _DIAL_WHOM,
    Operation(
        f"HEAD {ACCOUNT}/dialtonumber",
        "dialWhomHead",
        "Exotel",
        "Dial Whom, asked by HEAD",
        "As GET answers, without the body.",
        ("exotelBasic",),
        (Success("There is somebody to bridge to, or in JSON an answer."),),
        _DIAL_WHOM.problems,
        parameters=_CALL,
    ),
    Operation(
        f"POST {ACCOUNT}/pushtoclient",
        "pushToClient",
        "Exotel",
        "Hand over a call's data for the callee's phones",
        "200 once the queue has it, also for a name without a phone. The body may be JSON, urlencoded or multipart; "
        "what it looks like decides, not its content type.",
        ("exotelBasic",),
        (Success("Queued.", PushAnswer, {"pushId": "6f1d2c3b4a5968778695a4b3c2d1e0f0"}),),
        (
            "malformed_json",
            "malformed_body",
            "body_too_large",
            "push_too_large",
            "missing_field",
            "invalid_field",
            "invalid_name",
            "invalid_payload",
            *WEBHOOK[:2],
            *ALWAYS,
        ),
        PushBody,
        _PUSH,
        forms=True,
    ),
)
