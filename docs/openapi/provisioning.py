"""The routes of the customer's own server."""

from docs.openapi.operation import SUBSCRIBER, Operation, Success, query
from docs.openapi.problems import ALWAYS, BODY, EXOTEL
from switchboard.provisioning.schema import PutSubscriber, SubscriberAnswer

_SERVER = ("wrong_server_key", "unknown_account", *ALWAYS)
_AT_EXOTEL = tuple(code for code in EXOTEL if code != "exotel_unknown_subscriber")
_ALICE = {
    "subscriber_name": "alice",
    "display_name": "Alice",
    "status": "active",
    "has_password": True,
    "devices": 1,
    "contact_groups": [],
    "created_at": 1700000000,
    "updated_at": 1700000000,
}

PROVISIONING = (
    Operation(
        f"GET {SUBSCRIBER}",
        "getSubscriber",
        "Subscribers",
        "Get a subscriber",
        "",
        ("serverKey",),
        (Success("The subscriber.", SubscriberAnswer, _ALICE),),
        ("unknown_subscriber", *_SERVER),
    ),
    Operation(
        f"PUT {SUBSCRIBER}",
        "putSubscriber",
        "Subscribers",
        "Create a subscriber, or change one",
        "Fields that the body omits stay unchanged. A new password and a suspension end all sessions. A suspension is "
        "in force at once, even if Exotel cannot be reached (502). An activation is sent to Exotel first.",
        ("serverKey",),
        (
            Success("Changed.", SubscriberAnswer, _ALICE),
            Success("Created, here and at Exotel.", SubscriberAnswer, _ALICE | {"devices": 0}, 201),
        ),
        (*BODY, "invalid_name", "busy", *_SERVER, *_AT_EXOTEL),
        PutSubscriber,
        {"password": "switchboard", "display_name": "Alice"},
    ),
    Operation(
        f"DELETE {SUBSCRIBER}",
        "deleteSubscriber",
        "Subscribers",
        "Delete a subscriber",
        "Also at Exotel. All that is stored of the user is erased in the background; the header `Erasure-Id` names the "
        "erasure. If Exotel does not answer, the subscriber stays suspended: repeat the request.",
        ("serverKey",),
        (Success("Deleted; the erasure has begun.", status=204),),
        ("unknown_subscriber", "invalid_field", "busy", *_SERVER, *_AT_EXOTEL),
        parameters=(
            query("pseudonymise", "`true` keeps the records of calls, under a pseudonym; default `false`.", "false"),
        ),
    ),
)
