"""The product's error classes.

Every error has a stable `code` for programs and a `message` for people: what was wrong, with what, and what to do.
`web/http.py` maps each class to one HTTP status; no other module uses statuses.
"""


class SwitchboardError(Exception):
    """The base class of all errors that may be returned to a client.

    `retry_after` is in seconds; `field` is the name of the invalid field, if there is one.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.retry_after = retry_after


class MalformedRequestError(SwitchboardError):
    """The request cannot be read at all: not JSON, not a form, a missing header."""


class TooLargeError(SwitchboardError):
    """The request is readable but exceeds a size limit."""


class InvalidFieldError(SwitchboardError):
    """One field has an invalid value; `field` is its name."""


class UnauthorizedError(SwitchboardError):
    """The credential is missing or not valid."""


class ForbiddenError(SwitchboardError):
    """The credential is valid, but does not permit this request."""


class NotFoundError(SwitchboardError):
    """The requested resource does not exist."""


class TooManyRequestsError(SwitchboardError):
    """A rate limit is exceeded; `retry_after` says when to send the next request."""


class UnavailableError(SwitchboardError):
    """A part of this service does not work at the moment; a retry may succeed."""


class NotConfiguredError(UnavailableError):
    """The deployment lacks a secret: the operator has to run `switchboard setup`."""


class UpstreamError(SwitchboardError):
    """Exotel, or the customer's issuer, refused or failed."""


class UpstreamTimeoutError(UpstreamError):
    """Exotel, or the customer's issuer, did not answer in time."""


class AwsError(Exception):
    """A call to AWS failed; aws/errors.py has the kinds. A client is told that the service is unavailable.

    `passing` says whether a second try may succeed.
    """

    passing = True
