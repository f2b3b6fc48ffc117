"""Credentials that setup generates: letters and digits only, which need no escaping in a URL, form or shell."""

import secrets
import string
from collections.abc import Mapping

_ALPHABET = string.ascii_letters + string.digits  # 5.95 bits a character


def generated(length: int) -> str:
    """Return a random text of that length."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def server_key() -> str:
    """Return a new server key."""
    return generated(43)


def webhook() -> Mapping[str, str]:
    """Return an account's webhook credentials: for Basic, and a secret path for where Basic is lost."""
    return {"user": f"exotel{generated(6)}", "password": generated(40), "path": generated(43)}
