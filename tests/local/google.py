"""What google-auth does with a service account: signs an assertion and trades it for a Bearer token."""

import time

import httpx
import jwt

from local.simulators import Simulators
from tests.patience import patience


def assertion(simulators: Simulators, **changes: object) -> str:
    account, now = simulators.service_account.as_file(), int(time.time())
    claims = {"iss": account["client_email"], "aud": account["token_uri"], "iat": now, "exp": now + 3600}
    claims["scope"] = "https://www.googleapis.com/auth/firebase.messaging"
    return jwt.encode(claims | changes, account["private_key"], algorithm="RS256")


def ask_token(simulators: Simulators, signed: str) -> httpx.Response:
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": signed}
    return httpx.post(simulators.service_account.token_uri, data=form, timeout=patience(5))
