"""Builds the check of users' sessions, and of stock apps where StockApps allows them."""

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
    """Return the issuer of sessions, which are signed with the key in that secret and last `hours`."""
    keys = SecretsManagerSessionKeys(aws.client("secretsmanager"), secret_arn, hours, time.time)
    return SessionTokens(keys, hours, time.time, lambda: uuid.uuid4().hex)


def user_gate(subscribers: Subscribers, secret_arn: str, hours: int, stock_apps: str) -> UserGate:
    """Return the check that a request may act for a subscriber; `stock_apps` is the parameter StockApps."""
    return UserGate(session_tokens(secret_arn, hours), subscribers, stock_apps_allowed(stock_apps))
