"""The routes that an app uses around its calls."""

from docs.openapi.answers import (
    ContactsAnswer,
    ContextAnswer,
    DeviceAnswer,
    LogDestinationAnswer,
    RemovedAnswer,
    SharedContext,
    SilentProblem,
)
from docs.openapi.operation import SUBSCRIBER, Operation, Success, query
from docs.openapi.problems import ALWAYS, BODY, SESSION, STOCK
from switchboard.calls.schema import SetContext
from switchboard.subscribers.device_schema import RegisterDevice, RemoveDevice

_USER = (*SESSION, *STOCK, *ALWAYS)
_CONTEXT = {"dialToNumber": "bob", "message": "about your order", "expires_at": 1700003600}
_STOCK_APPS = " With `StockApps=allow` also without a session."

APPS = (
    Operation(
        f"POST {SUBSCRIBER}/devicetoken",
        "registerDevice",
        "Devices",
        "Make a phone ring for the subscriber",
        "A subscriber can have several phones. A token of another subscriber is removed from that one at once. "
        "`platform` and `tokenType` are guessed if they are missing. The phone rings until it logs out, or its user "
        "gets a new password, is suspended or is deleted. It still rings after its session has expired."
        + _STOCK_APPS
        + " Such an app gets a 200 with `warning` for an empty token.",
        ("session",),
        (Success("Registered.", DeviceAnswer, {"tokenType": "fcm"}),),
        (*BODY, *_USER),
        RegisterDevice,
        {"deviceToken": "dEMOtoken0001:APA91bEXAMPLE", "platform": "android", "deviceId": "2fc4b5912826ad1"},
    ),
    Operation(
        f"DELETE {SUBSCRIBER}/devicetoken",
        "removeDevice",
        "Devices",
        "Stop a phone from ringing",
        "The token is in the query or in the body, because some proxies drop the body of a DELETE." + _STOCK_APPS,
        ("session",),
        (Success("Removed, or it was not registered.", RemovedAnswer, {"removed": True}),),
        (*BODY, *_USER),
        RemoveDevice,
        {"deviceToken": "dEMOtoken0001:APA91bEXAMPLE"},
        in_query=True,
        parameters=(query("deviceToken", "The push token, instead of a body.", "dEMOtoken0001:APA91bEXAMPLE"),),
    ),
    Operation(
        f"POST {SUBSCRIBER}/context",
        "setContext",
        "Calls",
        "Say whom the subscriber is about to dial",
        "The latest one counts, and each answers one call. A refusal because of the content (400, 422) ends the "
        "context before it: an app that dials anyway reaches nobody, not the previous callee." + _STOCK_APPS,
        ("session",),
        (Success("Set.", ContextAnswer, _CONTEXT),),
        (*BODY, "invalid_name", "unsupported_destination", "context_not_ended", *_USER),
        SetContext,
        {"dialToNumber": "bob", "message": "about your order"},
    ),
    Operation(
        f"GET {SUBSCRIBER}/context",
        "getContext",
        "Calls",
        "Read what a call is about",
        "`name` is the caller. The caller and the callee that the context names may ask. Others get 403, even if there "
        "is no context. `message` is the context's, or empty: the Android app shows it to the callee whatever the "
        "status, so the text of a refusal is in `detail`."
        + _STOCK_APPS
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
        "Delete the call context",
        "Nothing happens if there is none. A call that it has answered keeps its answer." + _STOCK_APPS,
        ("session",),
        (Success("Forgotten."),),
        ("context_not_ended", *_USER),
    ),
    Operation(
        f"GET {SUBSCRIBER}/contacts",
        "listContacts",
        "Contacts",
        "List whom the subscriber may call",
        "The stored groups, or with `Contacts=everyone` the account's active subscribers, at most 200." + _STOCK_APPS,
        ("session",),
        (
            Success(
                "The contacts.",
                ContactsAnswer,
                {
                    "response": [
                        {
                            "code": 200,
                            "error_data": None,
                            "status": "success",
                            "data": {
                                "group": "Everyone",
                                "is_special": False,
                                "contacts": [{"contact_name": "Bob", "contact_number": "bob"}],
                            },
                        }
                    ]
                },
            ),
        ),
        _USER,
    ),
    Operation(
        f"GET {SUBSCRIBER}/logdestination",
        "getLogDestination",
        "Logs",
        "Get a place for a zip of logs",
        "PUT the zip, or a multipart body with it, once to `logDestinationURL`, within 15 minutes. Ten an hour."
        + _STOCK_APPS,
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
        (*_USER, "too_many_requests"),
        parameters=(query("platform", "`ios`, which the iOS app sends; anything else is Android.", "ios"),),
    ),
)
