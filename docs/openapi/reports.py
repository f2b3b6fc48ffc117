"""The routes by which an app reports about a call."""

from docs.openapi.operation import SUBSCRIBER, Operation, Success
from docs.openapi.problems import ALWAYS, BODY, SESSION
from switchboard.pushes.answers import AckAnswer
from switchboard.pushes.schema import AckBody
from switchboard.reports.answers import AcceptedAnswer, FeedbackAnswer
from switchboard.reports.schema import EventsBody, FeedbackBody

_USER = ("too_many_requests", *SESSION, *ALWAYS)
_EVENTS = {
    "events": [
        {"name": "onCallRinging", "time": 1700000001200, "callId": "743ddcf5a055", "sessionId": "9f3c2b"},
        {"name": "onAuthenticationFailure", "error": {"type": "AUTHENTICATION_EXPIRED_TOKEN", "message": "expired"}},
        {"cdr": {"sessionId": "9f3c2b", "state": "ENDED", "duration": 32, "endReason": "NONE"}},
    ]
}

REPORTS = (
    Operation(
        f"POST {SUBSCRIBER}/feedback",
        "giveFeedback",
        "Reports",
        "Rate a call",
        "Only the call's two parties may, once each: the same rating again changes nothing, a different one replaces "
        "it. A call can be rated a few seconds after Dial Whom.",
        ("session",),
        (
            Success(
                "What stands.",
                FeedbackAnswer,
                {"callId": "743ddcf5a055", "rating": 4, "issue": "CHOPPY_AUDIO", "comment": "cut out twice"},
            ),
        ),
        ("not_a_party", "unknown_call", *BODY, *_USER),
        FeedbackBody,
        {
            "callId": "743ddcf5a055",
            "rating": 4,
            "issue": "CHOPPY_AUDIO",
            "comment": "cut out twice",
            "statistics": {"audioCodec": "opus", "fractionLost": 2, "averageJitterMs": 12, "rttMs": 180, "MOS": 3.9},
        },
    ),
    Operation(
        f"POST {SUBSCRIBER}/events",
        "reportEvents",
        "Reports",
        "Report the SDK's callbacks, errors and call details",
        "One event as the body, or up to 100 as `events`. An event with several ids shows that they belong to one "
        "call, so send all that the app knows: they count where the subscriber is a party of the call. A request may "
        "name at most 16 different ids, and the first 200 events of a call and subscriber are kept. Events without an "
        "id (a failed initialization) are stored for the subscriber. Names and fields that are not listed are stored "
        "too, within limits.",
        ("session",),
        (Success("Stored.", AcceptedAnswer, {"accepted": 3}, status=202),),
        ("not_queued", "too_many_ids", *BODY, *_USER),
        EventsBody,
        _EVENTS,
    ),
    Operation(
        f"POST {SUBSCRIBER}/pushes/{{pushId}}/ack",
        "acknowledgePush",
        "Reports",
        "Confirm that the app got a push",
        "Optional. It distinguishes a push that was lost from one that the app did not relay to the SDK, and answers "
        "what the call is about, which saves asking for the caller's context. An ack counts only where the push was "
        "accepted for a device of the user, until a minute after the ringing; else `context` is null and nothing "
        "happens. It is null too where the caller's context belongs to another call. `state` says what the phone does: "
        "`answered`, `declined` and `busy` stop the user's other phones, if their apps understand that.",
        ("session",),
        (
            Success(
                "What the call is about.",
                AckAnswer,
                {
                    "pushId": "6f1d2c3b4a5968778695a4b3c2d1e0f00a1b2c3d",
                    "context": {"message": "About your order", "callerName": "Alice of Sales"},
                },
                status=202,
            ),
        ),
        ("not_queued", *BODY, *_USER),
        AckBody,
        {"state": "answered"},
        body_optional=True,
    ),
)
