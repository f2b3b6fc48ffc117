"""The routes of a subscriber's phones and contacts."""

from docs.openapi.frame import STOCK_APPS_NOTE
from docs.openapi.operation import SUBSCRIBER, Operation, Success, query
from docs.openapi.problems import ALWAYS, BODY, SESSION, STOCK
from switchboard.subscribers.answers import ContactsAnswer, DeviceAnswer, RemovedAnswer
from switchboard.subscribers.device_schema import DevicesAnswer, RegisterDevice, RemoveDevice

_USER = (*SESSION, *STOCK, *ALWAYS)
_OWNER = ("unknown_subscriber", *SESSION, *ALWAYS)
_PHONE = {
    "deviceKey": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "platform": "android",
    "tokenType": "fcm",
    "environment": None,
    "registeredAt": 1700000000,
    "lastAcceptedAt": 1700003600,
    "disabled": False,
    "reason": None,
    "probablyDead": False,
}

SUBSCRIBERS = (
    Operation(
        f"POST {SUBSCRIBER}/devicetoken",
        "registerDevice",
        "Devices",
        "Make a phone ring for the subscriber",
        "A subscriber may have several phones; a token that was another subscriber's leaves that one at once. "
        "`platform` and `tokenType` are guessed where they are missing. It rings until its phone logs out, by "
        "whichever session, or all sessions end by a new password, a suspension or a deletion; not as one expires."
        + STOCK_APPS_NOTE
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
        "The token comes in the query or in the body, since proxies drop the bodies of DELETE." + STOCK_APPS_NOTE,
        ("session",),
        (Success("Removed, or it was not there.", RemovedAnswer, {"removed": True}),),
        (*BODY, *_USER),
        RemoveDevice,
        {"deviceToken": "dEMOtoken0001:APA91bEXAMPLE"},
        in_query=True,
        parameters=(query("deviceToken", "The push token, in place of a body.", "dEMOtoken0001:APA91bEXAMPLE"),),
    ),
    Operation(
        f"GET {SUBSCRIBER}/contacts",
        "listContacts",
        "Contacts",
        "List whom the subscriber may call",
        "The stored groups, or with `Contacts=everyone` the account's active subscribers, at most 200."
        + STOCK_APPS_NOTE,
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
        f"GET {SUBSCRIBER}/devices",
        "listDevices",
        "Devices",
        "List the phones of a subscriber",
        "For the user, by session, and for the customer's server, whatever `StockApps` says. Never shows a push token.",
        ("session", "serverKey"),
        (Success("The phones.", DevicesAnswer, {"devices": [_PHONE]}),),
        _OWNER,
    ),
    Operation(
        f"DELETE {SUBSCRIBER}/devices/{{deviceKey}}",
        "deleteDevice",
        "Devices",
        "Stop one phone of a subscriber from ringing",
        "It rings again once it registers anew: a new password or a suspension ends its sessions as well.",
        ("session", "serverKey"),
        (Success("Removed.", status=204),),
        ("unknown_device", *_OWNER),
    ),
)
