"""Checks of the values in a secret. Each returns the value to store, or raises ValueError with what is wrong."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_LOCAL = ("127.0.0.1", "localhost", "::1")
_SERVICE_ACCOUNT = ("project_id", "private_key", "client_email", "token_uri")


def account_sid(text: str) -> str:
    """Exotel's account SID; upper and lower case are kept."""
    if not re.fullmatch(r"[A-Za-z0-9]{1,64}", text):
        raise ValueError("an account SID has letters and digits only")
    return text


def credential(text: str) -> str:
    """An API key or token of Exotel: printable ASCII without spaces."""
    if not re.fullmatch(r"[!-~]+", text):
        raise ValueError("a key or token has no spaces and only ASCII characters")
    return text


def base_url(text: str) -> str:
    """A base URL; a bare host gets https, and http is allowed only for this machine."""
    url = (text if "://" in text else f"https://{text}").rstrip("/")
    parts = urlsplit(url)
    if not parts.hostname or parts.query or parts.fragment or parts.username is not None or " " in url:
        raise ValueError("a host is a URL such as https://host, without credentials or query")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise ValueError("a host must be https (http only on 127.0.0.1)")
    return url


def phone_number(text: str) -> str:
    """An exophone as the account writes it: 08040408080 or +918040408080."""
    digits = re.sub(r"[ -]", "", text)
    if not re.fullmatch(r"\+?[0-9]{3,15}", digits):
        raise ValueError("a phone number has 3 to 15 digits, with or without a + before them")
    return digits


def service_account(path: str) -> dict[str, Any]:
    """The content of a Google service account's key file."""
    try:
        content = json.loads(Path(path).expanduser().read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise ValueError(f"{path} is not JSON") from None
    return service_account_in(content, path)


def service_account_in(content: object, path: str) -> dict[str, Any]:
    """The content of a key file, if it is one; `path` says where it comes from."""
    if not isinstance(content, dict) or content.get("type") != "service_account":
        raise ValueError(f'{path} is no service account file: it must say "type": "service_account"')
    missing = [key for key in _SERVICE_ACCOUNT if not isinstance(content.get(key), str) or not content[key]]
    if missing:
        raise ValueError(f"{path} lacks {', '.join(missing)}: download the key again from Firebase")
    if not _is_rsa_key(content["private_key"]):
        raise ValueError(f"the private_key in {path} is no valid RSA key: download the key again from Firebase")
    return content


def _is_rsa_key(pem: str) -> bool:
    """Return whether it is a whole RSA key whose numbers fit; functions use it without this check, which takes long."""
    try:
        return isinstance(load_pem_private_key(pem.encode(), None), RSAPrivateKey)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
