"""The routes of the phones' logs: a place for a zip, and lines."""

from docs.openapi.frame import STOCK_APPS_NOTE
from docs.openapi.operation import SUBSCRIBER, Operation, Success, query
from docs.openapi.problems import ALWAYS, BODY, SESSION, STOCK
from switchboard.logs.answers import LogDestinationAnswer
from switchboard.logs.schema import SendLogs
from switchboard.reports.answers import AcceptedAnswer

LOGS = (
    Operation(
        f"GET {SUBSCRIBER}/logdestination",
        "getLogDestination",
        "Logs",
        "Get a place for a zip of logs",
        "PUT the zip, or a multipart body with it, once to `logDestinationURL`, within 15 minutes. Ten an hour."
        + STOCK_APPS_NOTE,
        ("session",),
        (
            Success(
                "Where to upload.",
                LogDestinationAnswer,
                {
                    "logDestinationURL": "https://bucket.s3.amazonaws.com/uploads/…?X-Amz-Signature=…",
                    "logDestinationFileName": "20231114T221320Z-0f3c.zip",
                },
            ),
        ),
        (*SESSION, *STOCK, *ALWAYS, "too_many_requests"),
        parameters=(query("platform", "`ios`, as the iOS app says; any other is Android.", "ios"),),
    ),
    Operation(
        f"POST {SUBSCRIBER}/logs",
        "sendLogs",
        "Logs",
        "Send a batch of the SDK's log lines",
        "Up to 500 lines, 64 KB in all, at most 20 batches a minute. What looks like a token or a password is taken "
        "out before they are stored.",
        ("session",),
        (Success("Stored.", AcceptedAnswer, {"accepted": 2}, status=202),),
        ("not_queued", *BODY, "too_many_requests", *SESSION, *ALWAYS),
        SendLogs,
        {
            "platform": "android",
            "lines": [
                {"level": "INFO", "tag": "sip", "message": "registered", "time": 1700000000000},
                {"level": "ERROR", "tag": "media", "message": "no audio for 5 s", "time": 1700000005000},
            ],
        },
    ),
)
