"""The route of a user's own call history."""

from typing import Literal

from pydantic import BaseModel, Field

from docs.openapi.operation import SUBSCRIBER, Operation, Success, query
from docs.openapi.problems import ALWAYS, SESSION


class ListedCall(BaseModel):
    """A call as the subscriber saw it; an unknown value is null."""

    id: str = Field(description="The CallSid, or another id of the call while the CallSid is not known.")
    call_sid: str | None
    push_ids: list[str]
    session_ids: list[str]
    direction: Literal["incoming", "outgoing"]
    other_party: str | None
    started_at: int | None = Field(description="Epoch seconds.")
    outcome: Literal["answered", "missed", "rejected", "failed"] | None
    ring_seconds: float | None
    talk_seconds: float | None
    rating: int | None = Field(description="The subscriber's rating of the call, 1 to 5.")


class CallsAnswer(BaseModel):
    """A page of calls."""

    calls: list[ListedCall]
    cursor: str | None


_CALL = {
    "id": "743ddcf5a0552050bc37b6d0ff9613bn",
    "call_sid": "743ddcf5a0552050bc37b6d0ff9613bn",
    "push_ids": ["6f1d2c3b4a5968778695a4b3c2d1e0f0"],
    "session_ids": ["9f3c2b"],
    "direction": "outgoing",
    "other_party": "bob",
    "started_at": 1700000000,
    "outcome": "answered",
    "ring_seconds": 4.2,
    "talk_seconds": 61.0,
    "rating": 5,
}

HISTORY = (
    Operation(
        f"GET {SUBSCRIBER}/calls",
        "listCalls",
        "Calls",
        "List the subscriber's own calls",
        "Newest first. An unknown value is null. Send `cursor` to get the next page; it is null on the last one. A "
        "page may have fewer calls than `limit`. This needs a session, whatever `StockApps` is.",
        ("session",),
        (Success("A page of calls.", CallsAnswer, {"calls": [_CALL], "cursor": None}),),
        ("invalid_field", "invalid_cursor", *SESSION, *ALWAYS),
        parameters=(
            query("limit", "Calls on a page, 1 to 50; default 20.", "20"),
            query("cursor", "The answer's `cursor`, for the next page.", "WyJjYWxsMSIsMTcwMDAwMDAwMDAwMF0"),
        ),
    ),
)
