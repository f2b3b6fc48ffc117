"""The payload of a simulated push: a JWT for the callee's SDK, which Switchboard passes on unchecked."""

import base64
import json
import secrets


def call_data(caller: str, call: str = "") -> str:
    """Return a JWT in compact form: a new one, or always the same for the same `call`.

    Its claims are some of those that the SDK's API document names.
    """
    claims = {"callerId": caller, "callerName": caller.capitalize(), "sessionId": call or secrets.token_hex(8)}
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return ".".join([*encoded, "c2ln"])


def session_in(payload: str) -> str | None:
    """Return the session id in a payload, None where there is none."""
    try:
        part = payload.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return None
    session = claims.get("sessionId") if isinstance(claims, dict) else None
    return str(session)[:128] if session else None
