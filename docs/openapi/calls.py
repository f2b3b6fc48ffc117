"""The routes of a call context, and Dial Whom, by which Exotel asks for it."""

from docs.openapi.answers import SilentProblem
from docs.openapi.exotel_bodies import DialWhomBody
from docs.openapi.frame import STOCK_APPS_NOTE
from docs.openapi.operation import ACCOUNT, SUBSCRIBER, Operation, Success, query
from docs.openapi.problems import ALWAYS, BODY, HOOK_BODY, SESSION, STOCK, WEBHOOK
from switchboard.calls.answers import ContextAnswer, SharedContext
from switchboard.calls.schema import SetContext
from switchboard.exotel.bridge_answer import BridgeAnswer

_USER = (*SESSION, *STOCK, *ALWAYS)
_CONTEXT = {"dialToNumber": "bob", "message": "about your order", "expires_at": 1700003600}
_CALL = (
    query("CallSid", "Exotel's id of the call.", "743ddcf5a0552050bc37b6d0ff9613bn", required=True),
    query("CallFrom", "The caller, such as `sip:alice`.", "sip:alice", required=True),
    query("CallTo", "The exophone that was dialled.", "sip:08040408080"),
    query(
        "CustomField",
        "What the app passed to dial(); `to:<name>` is the callee with `CustomFieldRouting=on`.",
        "to:bob",
    ),
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

CONTEXTS = (
    Operation(
        f"POST {SUBSCRIBER}/context",
        "setContext",
        "Calls",
        "Say whom the subscriber is about to dial",
        "The last one counts, and each answers one call. A refusal for what it says (400, 422) ends the context before "
        "it: an app that dials all the same reaches nobody, not the previous callee." + STOCK_APPS_NOTE,
        ("session",),
        (Success("Set.", ContextAnswer, _CONTEXT),),
        (*BODY, "invalid_name", "unsupported_destination", "deleted_subscriber", "context_not_ended", *_USER),
        SetContext,
        {"dialToNumber": "bob", "message": "about your order"},
    ),
    Operation(
        f"GET {SUBSCRIBER}/context",
        "getContext",
        "Calls",
        "Read what a call is about",
        "`name` is the caller. The caller may ask, and the callee that the context names: others get 403, also where "
        "there is none. `message` is the context's, or empty: the Android app shows it to the callee whatever the "
        "status, so a refusal's words are in `detail`."
        + STOCK_APPS_NOTE
        + " Without a session and without a context the "
        "answer is a 200 with an empty `message`.",
        ("session",),
        (Success("The context.", SharedContext, {"callerName": "Alice", **_CONTEXT}),),
        ("no_context", *_USER),
        problem=SilentProblem,
    ),
    Operation(
        f"DELETE {SUBSCRIBER}/context",
        "deleteContext",
        "Calls",
        "Forget whom the subscriber meant to dial",
        "Nothing happens where there is none. A call that it has answered keeps its answer." + STOCK_APPS_NOTE,
        ("session",),
        (Success("Forgotten."),),
        ("context_not_ended", *_USER),
    ),
)

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
DIAL_WHOM = (
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
        f"POST {ACCOUNT}/dialtonumber",
        "dialWhomByPost",
        "Exotel",
        "Dial Whom, asked by POST",
        "As GET answers. The question is in the body, which may be JSON, urlencoded or multipart, in the query or in "
        "both; what the body says counts.",
        ("exotelBasic",),
        _DIAL_WHOM.answers,
        (*HOOK_BODY, *_DIAL_WHOM.problems),
        DialWhomBody,
        {"CallSid": "743ddcf5a0552050bc37b6d0ff9613bn", "CallFrom": "sip:alice", "CallTo": "sip:08040408080"},
        parameters=tuple({**one, "required": False} for one in _CALL),
        in_query=True,
    ),
)
