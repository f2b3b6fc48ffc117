"""The JWTs by which we log in to Google and to Apple (RFC 7515). PyJWT can do neither: it takes longer to import, and
its ES256 signatures are not deterministic."""

import base64
import json
from collections.abc import Callable, Mapping


def signed_jwt(header: Mapping[str, str], claims: Mapping[str, object], sign: Callable[[bytes], bytes]) -> str:
    """Return the token; `sign` returns the signature of its text in the form of the header's `alg`."""
    text = f"{_part(json.dumps(header).encode())}.{_part(json.dumps(claims).encode())}"
    return f"{text}.{_part(sign(text.encode()))}"


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
