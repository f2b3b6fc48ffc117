"""The route by which Exotel hands over a call's push."""

from docs.openapi.exotel_bodies import PushBody
from docs.openapi.operation import ACCOUNT, Operation, Success
from docs.openapi.problems import ALWAYS, HOOK_BODY, WEBHOOK
from switchboard.pushes.answers import PushAnswer

_PUSH = {
    "subscriberName": "bob",
    "payload": "eyJhbGciOiJIUzI1NiJ9.eyJjYWxsZXJJZCI6ImFsaWNlIn0.c2lnbmF0dXJl",
    "payloadVersion": "2.0",
}

PUSHES = (
    Operation(
        f"POST {ACCOUNT}/pushtoclient",
        "pushToClient",
        "Exotel",
        "Hand over a call's data for the callee's phones",
        "200 once the queue has it, also for a name without a phone. The body may be JSON, urlencoded or multipart; "
        "what it looks like decides, not its content type.",
        ("exotelBasic",),
        (Success("Queued.", PushAnswer, {"pushId": "6f1d2c3b4a5968778695a4b3c2d1e0f00a1b2c3d"}),),
        (
            *HOOK_BODY,
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
    ),
)
