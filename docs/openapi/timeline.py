"""The route of a user's own call history."""

from docs.openapi.operation import SUBSCRIBER, Operation, Success, query
from docs.openapi.problems import ALWAYS, SESSION
from switchboard.timeline.answers import CallsAnswer

_CALL = {
    "id": "743ddcf5a0552050bc37b6d0ff9613bn",
    "call_sid": "743ddcf5a0552050bc37b6d0ff9613bn",
    "push_ids": ["6f1d2c3b4a5968778695a4b3c2d1e0f0"],
    "session_ids": ["9f3c2b"],
    "direction": "outgoing",
    "other_party": "bob",
    "other_deleted": False,
    "started_at": 1700000000,
    "outcome": "answered",
    "ring_seconds": 4.2,
    "talk_seconds": 61.0,
    "rating": 5,
}

TIMELINE = (
    Operation(
        f"GET {SUBSCRIBER}/calls",
        "listCalls",
        "Calls",
        "List the subscriber's own calls",
        "Newest first, about 5 seconds after what happened. An unknown value is null. Send `cursor` to get the next "
        "page; it is null on the last one. A page may have fewer calls than `limit`. A subscriber can send 60 requests "
        "a minute. This needs a session, whatever `StockApps` is.",
        ("session",),
        (Success("A page of calls.", CallsAnswer, {"calls": [_CALL], "cursor": None}),),
        ("invalid_field", "invalid_cursor", "too_many_requests", *SESSION, *ALWAYS),
        parameters=(
            query("limit", "Calls on a page, 1 to 50; default 20.", "20"),
            query("cursor", "The answer's `cursor`, for the next page.", "IjE3MDAwMDAwMDAwMDAjY2FsbDEi"),
        ),
    ),
)
