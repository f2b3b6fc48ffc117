"""What can go wrong, in the product's own words.

Every error names a stable `code` for programs and a `message` for people: what was wrong, with what, and what to do.
`web/http.py` turns each class into one HTTP status; nothing else knows about statuses.
"""


class SwitchboardError(Exception):
    """The root of all errors that a client may be told of.

    `retry_after` is in seconds; `field` names the one field at fault, where there is one.
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
    """The request is readable but larger than what may be passed on."""


class InvalidFieldError(SwitchboardError):
    """One field has a value that is refused; `field` names it."""


class UnauthorizedError(SwitchboardError):
    """No credential, or one that proves nothing."""


class ForbiddenError(SwitchboardError):
    """A good credential, but not for this."""


class NotFoundError(SwitchboardError):
    """There is no such thing."""


class TooManyRequestsError(SwitchboardError):
    """Asked too often; `retry_after` says when to ask again."""


class UnavailableError(SwitchboardError):
    """A part of ours does not work at this moment; asking again may help."""


class NotConfiguredError(UnavailableError):
    """The deployment lacks a secret: the operator has to run `switchboard setup`."""


class UpstreamError(SwitchboardError):
    """Exotel, or the customer's issuer, refused or failed."""


class UpstreamTimeoutError(UpstreamError):
    """Exotel, or the customer's issuer, did not answer in time."""
