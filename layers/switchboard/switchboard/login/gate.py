"""The way in for the app's users: sessions of ours, and the stock apps where they are let in."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from switchboard.aws import clients as aws
from switchboard.login.session_keys import SecretsManagerSessionKeys
from switchboard.login.sessions import SessionTokens, UserGate
from switchboard.login.stock_apps import stock_apps_allowed

if TYPE_CHECKING:
    from switchboard.subscribers.ports import Subscribers


def session_tokens(secret_arn: str, hours: int) -> SessionTokens:
    """Return what issues and reads sessions, signed with the key in that secret; they last `hours`."""
    keys = SecretsManagerSessionKeys(aws.client("secretsmanager"), secret_arn, hours, time.time)
    return SessionTokens(keys, hours, time.time, lambda: uuid.uuid4().hex)


def user_gate(subscribers: Subscribers, secret_arn: str, hours: int, stock_apps: str) -> UserGate:
    """Return the check of who acts for a subscriber; `stock_apps` is the template's StockApps."""
    return UserGate(session_tokens(secret_arn, hours), subscribers, stock_apps_allowed(stock_apps))
