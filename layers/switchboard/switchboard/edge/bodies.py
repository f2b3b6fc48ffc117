"""JSON bodies into the models of edge/schemas: off the hot path, because pydantic takes 74 ms to import."""

import json

from pydantic import BaseModel, ValidationError

from switchboard.domain.errors import InvalidFieldError, MalformedRequestError
from switchboard.edge.request import Request


def read[M: BaseModel](model: type[M], request: Request) -> M:
    """Return the request's JSON body as a `model`.

    Raises MalformedRequestError for what is no JSON object, InvalidFieldError that names the first field at fault, and
    never repeats what was sent: a body holds passwords and tokens.
    """
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise MalformedRequestError("malformed_json", "the body is not valid JSON") from None
    if not isinstance(body, dict):
        raise MalformedRequestError("malformed_json", "the body must be a JSON object")
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        raise InvalidFieldError("invalid_field", f"{field}: {first['msg']}", field=field) from None
