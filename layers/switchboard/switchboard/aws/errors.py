"""The ways in which a call to AWS fails. An answer that is an error has the `response` that botocore gives it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from switchboard.foundation.errors import AwsError

__all__ = ["AwsError", "ClientError"]

# Codes of errors that pass: throttling, and an answer that DynamoDB asks to try again. AWS's SDKs retry the same.
_PASSING = {
    *("BandwidthLimitExceeded", "LimitExceededException", "PriorRequestNotComplete", "RequestLimitExceeded"),
    *("ProvisionedThroughputExceededException", "RequestThrottled", "RequestThrottledException", "SlowDown"),
    *("RequestTimeout", "RequestTimeoutException", "ThrottledException", "Throttling", "ThrottlingException"),
    *("TooManyRequestsException", "TransactionInProgressException"),
}
_PASSING_STATUSES = {429, 500, 502, 503, 504}


class NoCredentialsError(AwsError):
    """The environment has no credentials, or the endpoint that it names returned none."""

    passing = False


class EndpointConnectionError(AwsError):
    """No connection could be opened: the name, the address, TLS, or a certificate."""


class ConnectTimeoutError(EndpointConnectionError):
    """A connection was not open in time."""


class ConnectionClosedError(AwsError):
    """The connection broke before the whole answer was there, or what came is no HTTP."""


class ReadTimeoutError(AwsError):
    """The whole answer was not there in time."""


class UnreadableAnswerError(AwsError):
    """AWS returned a success status with a body that is not what it announced: no JSON object, a wrong checksum."""


class ClientError(AwsError):
    """AWS refused, or failed and said so. `response` is its answer, with `Error: {Code, Message}`."""

    def __init__(self, response: Mapping[str, Any], operation_name: str) -> None:
        code = response.get("Error", {}).get("Code")
        super().__init__(f"AWS answered {operation_name} with {code}")  # its message may quote the request
        self.response = response
        self.operation_name = operation_name

    @property
    def passing(self) -> bool:  # type: ignore[override]
        """Whether a second try may succeed."""
        status = self.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return status in _PASSING_STATUSES or self.response["Error"]["Code"] in _PASSING


@cache
def error_class(code: str) -> type[ClientError]:
    """Return the class of the errors with this code, such as ConditionalCheckFailedException."""
    return type(code, (ClientError,), {}) if code.isidentifier() else ClientError


class Exceptions:
    """A client's `exceptions`: the class of each code, by name."""

    def __getattr__(self, code: str) -> type[ClientError]:
        return error_class(code)
