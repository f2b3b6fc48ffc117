"""The logger; its service and level come from POWERTOOLS_SERVICE_NAME and LOG_LEVEL. Metrics: runtime/metrics.py."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from switchboard.runtime.log_line import Fault, log_line, trace_of


class _Lines(LambdaPowertoolsFormatter):
    """Powertools' lines within the bounds of log_line.py, with each stack trace once and as text."""

    def __init__(self) -> None:
        # Messages are words: Powertools would try each as JSON, and make an exception of each that is none.
        super().__init__(json_serializer=log_line, json_deserializer=str, serialize_stacktrace=False)

    def formatException(self, ei: Fault) -> str:  # noqa: N802 - logging's own name
        return trace_of(ei)


logger = Logger(logger_formatter=_Lines())


def named(fault: Exception) -> str:
    """Name a fault, AWS's by its own word, without its text, which may quote the request."""
    response: Mapping[str, Any] = getattr(fault, "response", None) or {}  # None where no answer came
    return str(response.get("Error", {}).get("Code") or type(fault).__name__)
