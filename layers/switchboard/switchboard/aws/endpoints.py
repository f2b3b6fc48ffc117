"""Where AWS's services are, in the partitions aws, aws-cn and aws-us-gov."""

import os

_NAMES = {"secretsmanager": "SECRETS_MANAGER"}  # in AWS_ENDPOINT_URL_…, where they differ from the service's


def region() -> str:
    """Return the function's region, which Lambda names."""
    return os.environ.get("AWS_REGION") or os.environ["AWS_DEFAULT_REGION"]


def endpoint(service: str) -> str:
    """Return the service's URL in the function's region, or the one that the environment names in its place."""
    return given_endpoint(service) or f"https://{service}.{region()}.{suffix()}"


def given_endpoint(service: str) -> str | None:
    """Return the URL that the environment names for a service, or for all."""
    own = os.environ.get(f"AWS_ENDPOINT_URL_{_NAMES.get(service, service.upper())}")
    return (own or os.environ.get("AWS_ENDPOINT_URL", "")).rstrip("/") or None


def suffix() -> str:
    """Return the domain of the region's partition."""
    return "amazonaws.com.cn" if region().startswith("cn-") else "amazonaws.com"
