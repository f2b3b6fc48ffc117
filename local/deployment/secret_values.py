"""The values of the deployed stack's secrets."""

import json
from collections.abc import Mapping
from typing import Any

from local import demo
from local.deployment.aws import Aws
from local.deployment.deploy import Deployment
from local.options import Options
from local.simulators import Simulators


def secret_values(options: Options, simulators: Simulators) -> dict[str, Mapping[str, Any]]:
    """Return each secret's value by its logical id: the demo's, or real services' where the options name them."""
    return {
        "WebhookSecret": {
            options.account: {
                "user": demo.WEBHOOK_USER,
                "password": demo.WEBHOOK_PASSWORD,
                "path": demo.WEBHOOK_PATH,
                "outgoing_phone_number": options.exophone,
            }
        },
        "AccountsSecret": {
            "server_key": demo.SERVER_KEY,
            "accounts": {options.account: _account(options, simulators)},
        },
        "PushSecret": _push(options, simulators),
    }


def fill_secrets(aws: Aws, deployment: Deployment, values: Mapping[str, Mapping[str, Any]]) -> None:
    """Write each value into the secret of that logical id."""
    for name, value in values.items():
        aws.secrets.put_secret_value(SecretId=deployment.resources[name], SecretString=json.dumps(value))


def _account(options: Options, simulators: Simulators) -> dict[str, str]:
    real = options.exotel
    return {
        "api_key": real.api_key if real else demo.API_KEY,
        "api_token": real.api_token if real else demo.API_TOKEN,
        "api_host": real.api_host if real else simulators.exotel_url,
        "sdk_host": real.sdk_host if real else demo.SDK_HOST,
        "exophone": options.exophone,
    }


def _push(options: Options, simulators: Simulators) -> dict[str, Any]:
    if options.fcm_service_account:
        return {"fcm": dict(options.fcm_service_account)}
    return simulators.push_secret
