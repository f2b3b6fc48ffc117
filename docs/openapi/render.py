"""Answers and schemas as OpenAPI writes them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from docs.openapi.answers import Answer, SilentProblem
from docs.openapi.fields import FIELDS
from docs.openapi.operation import Operation, Success
from docs.openapi.problems import PROBLEMS

_REF = "#/components/schemas/"
_REQUEST_ID = "0f6d1f0e-demo"
_RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait, if that is known.", "schema": {"type": "integer"}}}


class Schemas:
    """Collects the models that are referred to, so that only those are in the document."""

    def __init__(self) -> None:
        self._used: dict[type, None] = {}

    def ref(self, model: type) -> Mapping[str, Any]:
        """Return a reference to a model's schema. A field with a default can be absent, also in answers."""
        self._used[model] = None
        return {"$ref": _REF + model.__name__}

    def rendered(self) -> dict[str, Any]:
        """Return all that were referred to, with what they refer to, and what FIELDS says of them."""
        models: list[tuple[type, JsonSchemaMode, TypeAdapter[Any]]] = [
            (model, "validation", TypeAdapter(model)) for model in self._used
        ]
        found = TypeAdapter.json_schemas(models, ref_template=_REF + "{model}")[1]["$defs"]
        for model, fields in FIELDS.items():
            for name, words in fields.items():
                found[model.__name__]["properties"][name] |= words
        return {name: found[name] for name in sorted(found)}


def responses(one: Operation, schemas: Schemas) -> dict[str, Any]:
    """Return every answer of an operation, by status."""
    found: dict[str, Any] = {}
    for success in one.answers:
        answer = found.setdefault(str(success.status), {"description": success.description})
        if content := _content(one, success, schemas):
            answer.setdefault("content", {}).update(content)
    by_status = defaultdict(list)
    for code in one.problems:
        by_status[_status(one, code)].append(code)
    for status in sorted(by_status):
        found[str(status)] = _refusal(one, status, by_status[status], schemas)
    return found


def _content(one: Operation, success: Success, schemas: Schemas) -> dict[str, Any]:
    if isinstance(success.example, str):
        return {"text/plain": {"schema": {"type": "string"}, "example": success.example}}
    if one.method == "HEAD" or success.status == 204:
        return {}
    envelope = schemas.ref(Answer)
    schema = {"allOf": [envelope, schemas.ref(success.model)]} if success.model else envelope
    example = {**(success.example or {}), "http_code": success.status, "request_id": _REQUEST_ID}
    return {"application/json": {"schema": schema, "example": example}}


def _status(one: Operation, code: str) -> int:
    """Wrong credentials are 403 at login, where the apps look for it, and 401 for Exotel."""
    return 401 if code == "wrong_credentials" and one.tag == "Exotel" else PROBLEMS[code][0]


def _refusal(one: Operation, status: int, codes: list[str], schemas: Schemas) -> dict[str, Any]:
    description = "\n".join(f"- `{code}`: {_meaning(one, code)}" for code in codes)
    answer: dict[str, Any] = {"description": description}
    if status in (429, 502, 503, 504):
        answer["headers"] = _RETRY_AFTER
    if one.method != "HEAD":
        schema = {"allOf": [schemas.ref(one.problem), {"properties": {"code": {"enum": codes}}}]}
        words = {"message": "", "detail": "…"} if issubclass(one.problem, SilentProblem) else {"message": "…"}
        example = {"code": codes[0], **words, "http_code": status, "request_id": _REQUEST_ID}
        answer["content"] = {"application/json": {"schema": schema, "example": example}}
    return answer


def _meaning(one: Operation, code: str) -> str:
    if code == "wrong_credentials" and one.tag == "Exotel":
        return "not the account's webhook user and password, or not its secret path"
    return PROBLEMS[code][1]
