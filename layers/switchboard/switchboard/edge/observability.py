"""The one logger; its service and level come from POWERTOOLS_SERVICE_NAME and LOG_LEVEL. Metrics: edge/metrics.py."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

# Messages are words: Powertools would try each as JSON, and make an exception of each that is none.
logger = Logger(json_deserializer=str)


def named(fault: Exception) -> str:
    """Name a fault, AWS's by its own word, without its text, which may quote the request."""
    response: Mapping[str, Any] = getattr(fault, "response", None) or {}  # None where no answer came
    return str(response.get("Error", {}).get("Code") or type(fault).__name__)
