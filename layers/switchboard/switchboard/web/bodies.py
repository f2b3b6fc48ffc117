"""Parses request bodies into pydantic models. Not for hot functions: pydantic takes 74 ms to import."""

import json
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError

from switchboard.foundation.errors import InvalidFieldError, MalformedRequestError
from switchboard.web.request import Request

_FORM = "application/x-www-form-urlencoded"


def read[M: BaseModel](model: type[M], request: Request) -> M:
    """Return the request's body, JSON or a urlencoded form, as a `model`. A form can only set text fields.

    Raises MalformedRequestError for a body that is not a JSON object, and InvalidFieldError for the first invalid
    field. Neither quotes the body, which may contain passwords and tokens.
    """
    try:
        body = _form(request.body) if _is_form(request) else json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise MalformedRequestError("malformed_json", "the body is not valid JSON") from None
    if not isinstance(body, dict):
        raise MalformedRequestError("malformed_json", "the body must be a JSON object")
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise _refusal(error) from None


def _is_form(request: Request) -> bool:
    """Whether the body is a form. The type alone does not say so: by default curl sends JSON with a form's type."""
    declared = request.header("content-type").partition(";")[0].strip().lower() == _FORM
    return declared and not request.body.lstrip().startswith((b"{", b"["))


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise MalformedRequestError("malformed_body", "the form is not UTF-8") from None


# pydantic's error type -> our message; {…} is the limit that the model sets
_WRONG = {
    "missing": "is missing",
    "string_type": "must be text",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "may have at most {max_length} characters",
    "string_pattern_mismatch": "has characters that are not allowed",
    "outer_space": "may not begin or end with a space: apps remove it from what is typed",
    "too_long": "may have at most {max_length} entries",
    "too_short": "must have at least {min_length} entries",
    "list_type": "must be a list",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
}


def _refusal(error: ValidationError) -> InvalidFieldError:
    """Return an error for the first invalid field, with our own message."""
    first = error.errors(include_input=False, include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "body"
    wrong = _WRONG.get(first["type"], "is not valid").format(**first.get("ctx", {}))
    return InvalidFieldError("invalid_field", f"{field} {wrong}", field=field)
