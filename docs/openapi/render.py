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
from docs.openapi.shapes import REF, enveloped, reachable, shaped

_REQUEST_ID = "0f6d1f0e-demo"
_RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait, if that is known.", "schema": {"type": "integer"}}}


class Schemas:
    """Collects the models that are referred to, so that only those are in the document."""

    def __init__(self) -> None:
        self._requests: dict[type, None] = {}
        self._answers: dict[type, None] = {Answer: None}

    def request(self, model: type) -> Mapping[str, Any]:
        """Return a reference to a request's schema."""
        self._requests[model] = None
        return {"$ref": REF + model.__name__}

    def answer(self, model: type) -> Mapping[str, Any]:
        """Return a reference to an answer's schema. A field with a default can be absent."""
        self._answers[model] = None
        return {"$ref": REF + model.__name__}

    def rendered(self) -> dict[str, Any]:
        """Return all that were referred to, with what they refer to, and what FIELDS says of them."""
        used = self._requests | self._answers
        models: list[tuple[type, JsonSchemaMode, TypeAdapter[Any]]] = [
            (model, "validation", TypeAdapter(model)) for model in used
        ]
        found = TypeAdapter.json_schemas(models, ref_template=REF + "{model}")[1]["$defs"]
        for model, fields in FIELDS.items():
            for name, words in fields.items() if model.__name__ in found else ():
                found[model.__name__]["properties"][name] |= words
        answers = {model.__name__ for model in self._answers}
        for name in answers:
            found[name] = enveloped(found[name], found[Answer.__name__])
        shown = reachable(answers, found)
        schemas = {name: shaped(name, found, nulls=name in shown) for name in sorted(found)}
        left = reachable({model.__name__ for model in used}, schemas)  # without those that were copied
        return {name: schema for name, schema in schemas.items() if name in left}


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
    schema = schemas.answer(success.model or Answer)
    example = {**(success.example or {}), "http_code": success.status, "request_id": _REQUEST_ID}
    return {"application/json": {"schema": schema, "example": example}}


def _status(one: Operation, code: str) -> int:
    """Wrong credentials are 403 at login, where the apps look for it, and 401 for Exotel."""
    return 401 if code == "wrong_credentials" and one.tag == "Exotel" else PROBLEMS[code][0]


def _refusal(one: Operation, status: int, codes: list[str], schemas: Schemas) -> dict[str, Any]:
    description = "\n".join(f"- `{code}`: {_meaning(one, code)}" for code in codes)
    answer: dict[str, Any] = {"description": description, "x-codes": codes}
    if status in (429, 502, 503, 504):
        answer["headers"] = _RETRY_AFTER
    if one.method != "HEAD":
        words = {"message": "", "detail": "…"} if issubclass(one.problem, SilentProblem) else {"message": "…"}
        example = {"code": codes[0], **words, "http_code": status, "request_id": _REQUEST_ID}
        answer["content"] = {"application/json": {"schema": schemas.answer(one.problem), "example": example}}
    return answer


def _meaning(one: Operation, code: str) -> str:
    if code == "wrong_credentials" and one.tag == "Exotel":
        return "not the account's webhook user and password, or not its secret path"
    return PROBLEMS[code][1]
