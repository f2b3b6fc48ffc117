"""The routes for login, new tokens and logout."""

from docs.openapi.operation import SUBSCRIBER, Operation, Success
from docs.openapi.problems import ALWAYS, BODY, EXOTEL, ISSUER, SESSION
from switchboard.login.schema import LoginAnswer, LoginRequest, LogoutRequest, TokenRequest

_LOGGED_IN = {
    "subscriber_token": {"refresh_token": "eyJ…", "access_token": "eyJ…"},
    "subscriber_name": "alice",
    "host_name": "https://miles.apac-sg.exotel.in/v2",
    "account_sid": "demo1m",
    "exophone": "08040408080",
    "contact_display_name": "Alice",
    "session_token": "eyJ…",
    "session_expires_at": 1700086400,
    "access_token_expires_at": 1700001800,
    "refresh_token_expires_at": 1700086400,
}

LOGIN = (
    Operation(
        "POST /v1/login",
        "login",
        "Login",
        "Log in and get the SDK's token",
        "With `user_name` and `password`, as JSON or as an urlencoded form. If the deployment has an `OidcIssuer`, "
        "with its id token as Bearer instead of those two. Each login gets a new subscriber token from Exotel, bound "
        "to `device_id`. A subscriber whom Exotel does not know is created there. A wrong password and an unknown user "
        "get the same answer. Failed logins are limited per phone for phones that have logged in before, and per user "
        "and address for all others.",
        ("none", "idToken"),
        (Success("Logged in.", LoginAnswer, _LOGGED_IN),),
        (*BODY, "wrong_credentials", "suspended", "invalid_name", "too_many_logins", *ISSUER, *EXOTEL, *ALWAYS),
        LoginRequest,
        {"user_name": "alice", "password": "switchboard", "account_sid": "demo1m", "device_id": "2fc4b5912826ad1"},
    ),
    Operation(
        f"POST {SUBSCRIBER}/token",
        "renewToken",
        "Login",
        "Get a new token for the SDK",
        "For when the SDK reports that its tokens have expired. The session stays the same. Each user gets at most 20 "
        "in ten minutes; a phone needs one every 30 minutes. `StockApps` does not apply.",
        ("session",),
        (Success("The answer of a login, with the same session.", LoginAnswer, _LOGGED_IN),),
        (*SESSION, *BODY, "wrong_credentials", "too_many_requests", *EXOTEL, *ALWAYS),
        TokenRequest,
        {"device_id": "2fc4b5912826ad1"},
    ),
    Operation(
        f"POST {SUBSCRIBER}/logout",
        "logout",
        "Login",
        "End the session",
        "Ends this one session, and removes all push tokens of the session's phone, which then does not ring. "
        "`StockApps` does not apply.",
        ("session",),
        (Success("Logged out."),),
        (*SESSION, *BODY, *ALWAYS),
        LogoutRequest,
        {"deviceToken": "dEMOtoken0001:APA91bEXAMPLE"},
    ),
)
