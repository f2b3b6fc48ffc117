"""The routes by which an app's user comes and goes."""

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
        "By `user_name` and `password`, as JSON or as an urlencoded form; or, where the deployment has an "
        "`OidcIssuer`, by its id token as Bearer and then without those two. Exotel's subscriber token is asked for "
        "anew each time and bound to `device_id`. A subscriber whom Exotel does not know is created there. A wrong "
        "password and an unknown user get the same answer. Failed logins are limited for each phone that has logged in "
        "before, and for the rest per user and address.",
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
        "When the SDK says that its tokens expired. The session stays as it is. Each user gets at most 20 in ten "
        "minutes, and needs one for each phone every 30 minutes. Never open to `StockApps`.",
        ("session",),
        (Success("As a login answers, with the same session.", LoginAnswer, _LOGGED_IN),),
        (*SESSION, *BODY, "wrong_credentials", "too_many_requests", *EXOTEL, *ALWAYS),
        TokenRequest,
        {"device_id": "2fc4b5912826ad1"},
    ),
    Operation(
        f"POST {SUBSCRIBER}/logout",
        "logout",
        "Login",
        "End the session",
        "Ends this one session, and removes all push tokens of the session's phone, which then rings no more. Never "
        "open to `StockApps`.",
        ("session",),
        (Success("Logged out."),),
        (*SESSION, *BODY, *ALWAYS),
        LogoutRequest,
        {"deviceToken": "dEMOtoken0001:APA91bEXAMPLE"},
    ),
)
