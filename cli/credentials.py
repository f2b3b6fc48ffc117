"""Credentials that setup makes: letters and digits only, so that they survive in any URL, form or shell."""

import secrets
import string
from collections.abc import Mapping

_ALPHABET = string.ascii_letters + string.digits  # 5.95 bits a character


def generated(length: int) -> str:
    """Return a random word of that length."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def server_key() -> str:
    """Return what the customer's server proves itself with."""
    return generated(43)


def webhook() -> Mapping[str, str]:
    """Return what Exotel proves itself with for one account: Basic credentials, and a path for where those get lost."""
    return {"user": f"exotel{generated(6)}", "password": generated(40), "path": generated(43)}
