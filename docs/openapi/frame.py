"""What the document says once: the service, who may call it, and the parts of its paths."""

from typing import Any

STOCK_APPS_NOTE = " With `StockApps=allow` also without a session."
HOOK_NOTE = "For where URL credentials do not survive: the path is the credential."

_PARAMETERS: dict[str, Any] = {
    "accountSid": {
        "name": "accountSid",
        "in": "path",
        "required": True,
        "description": "The Exotel account's SID.",
        "schema": {"type": "string"},
        "example": "demo1m",
    },
    "name": {
        "name": "name",
        "in": "path",
        "required": True,
        "description": "The subscriber's name; case counts.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9]{1,16}$"},
        "example": "alice",
    },
    "pushId": {
        "name": "pushId",
        "in": "path",
        "required": True,
        "description": "The `pushId` that came with the push.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
        "example": "6f1d2c3b4a5968778695a4b3c2d1e0f0",
    },
    "deviceKey": {
        "name": "deviceKey",
        "in": "path",
        "required": True,
        "description": "The `deviceKey` of a device from `GET S/devices`.",
        "schema": {"type": "string"},
        "example": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    },
    "secret": {
        "name": "secret",
        "in": "path",
        "required": True,
        "description": "The account's secret path, which `switchboard setup` creates: the credential of these routes.",
        "schema": {"type": "string", "format": "password"},
        "example": "local-hook",
    },
}

FRAME: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Switchboard",
        "version": "1",
        "description": "The application backend for the Exotel Voice SDKs. Every JSON answer has `http_code`, "
        "equal to the status, and `request_id`; a refusal also has a stable `code` and a `message`. An unknown path "
        "gets a 404 `unknown_route`. API Gateway's own refusals (too many requests) have only a `message`. Clients "
        "must accept a `code` and fields that are not listed here: later versions add some. In a request a field that "
        "is null counts as absent.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    },
    "servers": [
        {"url": "http://127.0.0.1:3000", "description": "make run"},
        {
            "url": "https://{host}",
            "description": "The stack's output ApiBase, without /v1",
            "variables": {"host": {"default": "api.example.com"}},
        },
    ],
    "tags": [
        {"name": "Login", "description": "Log in, renew the SDK's token, log out."},
        {"name": "Devices", "description": "The phones that ring."},
        {"name": "Calls", "description": "Whom a subscriber is about to dial."},
        {"name": "Reports", "description": "What apps report about their calls."},
        {"name": "Contacts", "description": "Whom a subscriber may dial."},
        {"name": "Logs", "description": "Where phones upload their logs."},
        {"name": "Subscribers", "description": "For the customer's own server."},
        {"name": "Exotel", "description": "For Exotel's platform."},
    ],
    "components": {
        "parameters": _PARAMETERS,
        "securitySchemes": {
            "session": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "`session_token` of a login. Its subscriber must be the `{name}` of the path.",
            },
            "idToken": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "An id token of the deployment's `OidcIssuer` (RS256 or ES256).",
            },
            "serverKey": {
                "type": "http",
                "scheme": "bearer",
                "description": "The server key that `switchboard setup` creates.",
            },
            "exotelBasic": {
                "type": "http",
                "scheme": "basic",
                "description": "The account's webhook user and password, which `switchboard setup` creates. The same "
                "routes exist under `/v1/hooks/{secret}`, where the secret path is the credential: OpenAPI has "
                "no scheme for that.",
            },
        },
    },
}
