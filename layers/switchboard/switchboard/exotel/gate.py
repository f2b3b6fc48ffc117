"""Builds the check of Exotel's credentials. Hot functions import it, so it must not import large packages."""

import time
from dataclasses import dataclass
from functools import cache

from switchboard.aws import clients as aws
from switchboard.aws.secrets import SecretsManagerSecret
from switchboard.exotel.webhooks import WebhookGate
from switchboard.runtime.settings import load


@dataclass(frozen=True)
class ExotelSettings:
    """The environment of every function that Exotel calls."""

    webhook_secret: str
    exotel_addresses: str = ""


@cache
def gate() -> WebhookGate:
    """Return the check of Exotel's credentials; its timeouts leave time to respond if Secrets Manager hangs.

    Raises NotConfiguredError if ExotelAddresses contains anything but CIDRs.
    """
    settings = load(ExotelSettings)
    client = aws.client("secretsmanager", connect=0.4, read=0.6)
    return WebhookGate(SecretsManagerSecret(client, settings.webhook_secret, time.time), settings.exotel_addresses)
