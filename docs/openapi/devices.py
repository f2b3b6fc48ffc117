"""The routes that show a subscriber's phones, to the user and to the customer's server."""

from docs.openapi.operation import SUBSCRIBER, Operation, Success
from docs.openapi.problems import ALWAYS, SESSION
from switchboard.subscribers.device_schema import DevicesAnswer

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
}

DEVICES = (
    Operation(
        f"GET {SUBSCRIBER}/devices",
        "listDevices",
        "Devices",
        "List the phones of a subscriber",
        "For the user with a session, and for the customer's server, whatever `StockApps` is. Shows no push token.",
        ("session", "serverKey"),
        (Success("The phones.", DevicesAnswer, {"devices": [_PHONE]}),),
        _OWNER,
    ),
    Operation(
        f"DELETE {SUBSCRIBER}/devices/{{deviceKey}}",
        "deleteDevice",
        "Devices",
        "Stop one phone of a subscriber from ringing",
        "It rings again if it registers again. To end its session as well, set a new password or suspend the user.",
        ("session", "serverKey"),
        (Success("Removed.", status=204),),
        ("unknown_device", *_OWNER),
    ),
)
