"""The logger. Service name and level come from POWERTOOLS_SERVICE_NAME and LOG_LEVEL. Metrics: runtime/metrics.py."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from switchboard.runtime.log_line import Fault, log_line, trace_of


def _line(fields: Mapping[str, Any]) -> str:
    """Return the fields as a line; where in the code it was written says something only where something went wrong."""
    return log_line({name: value for name, value in fields.items() if name != "location" or fields["level"] != "INFO"})


class _Lines(LambdaPowertoolsFormatter):
    """Powertools' format, within the size limits of log_line.py, with each stack trace once and as text."""

    def __init__(self) -> None:
        # Lambda takes a line without a level and a time by RFC 3339 for one of INFO, and adds a time of its own.
        # Messages are plain text. By default Powertools parses each as JSON, and raises an exception for each.
        super().__init__(json_serializer=_line, json_deserializer=str, serialize_stacktrace=False, use_rfc3339=True)

    def formatException(self, ei: Fault) -> str:  # noqa: N802 - logging's own name
        return trace_of(ei)


logger = Logger(logger_formatter=_Lines())


def named(fault: Exception) -> str:
    """Return the exception's class name, or AWS's error code; never its message, which may quote the request."""
    response: Mapping[str, Any] = getattr(fault, "response", None) or {}  # None if there was no response
    return str(response.get("Error", {}).get("Code") or type(fault).__name__)
