"""What Exotel hands over with a call for the callee's phone: a JWT that Switchboard passes on and cannot check."""

import base64
import json
import secrets


def call_data(caller: str, call: str = "") -> str:
    """Return such a JWT in compact form: of a call of its own, or the same again for the same `call`."""
    parts = ({"alg": "HS256", "typ": "JWT"}, {"callerId": caller, "callId": call or secrets.token_hex(8)})
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return ".".join([*encoded, "c2ln"])
