"""The way in for Exotel. Imported by the hot functions: nothing heavy may come along."""

import time

from switchboard.adapters import aws
from switchboard.adapters.secrets import SecretsManagerSecret
from switchboard.edge.webhooks import WebhookGate


def webhook_gate(secret_arn: str, addresses: str) -> WebhookGate:
    """Return the check of Exotel's credentials, whose timeouts leave time to answer while Secrets Manager hangs.

    Raises NotConfiguredError where `addresses` (ExotelAddresses) holds something else than CIDRs.
    """
    client = aws.client("secretsmanager", connect=0.4, read=0.6)
    return WebhookGate(SecretsManagerSecret(client, secret_arn, time.time), addresses)
