"""Parses the body of Exotel's push; its content type is not documented (contract 2.2)."""

from collections.abc import Mapping

from switchboard.foundation.errors import InvalidFieldError, MalformedRequestError
from switchboard.web.form_body import fields_in

FIELDS = ("subscriberName", "payload", "payloadVersion")


def push_fields(body: bytes, content_type: str) -> Mapping[str, str]:
    """Return the push's fields as they were sent. Raises MalformedRequestError, InvalidFieldError."""
    fields = fields_in(body, content_type)
    for field in FIELDS:
        if not isinstance(fields.get(field, ""), str):
            raise InvalidFieldError("invalid_field", f"{field} must be a string", field=field)
    if not fields.keys() & set(FIELDS):
        raise MalformedRequestError(
            "malformed_body", f"the body is not JSON, a form or multipart with {', '.join(FIELDS)}"
        )
    return {field: str(fields[field]) for field in FIELDS if field in fields}
