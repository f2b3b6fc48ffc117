"""The whole document, from the template's routes, their descriptions and the schemas."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from docs.openapi.call_events import CALL_EVENTS
from docs.openapi.calls import CONTEXTS, DIAL_WHOM
from docs.openapi.frame import FRAME, HOOK_NOTE
from docs.openapi.login import LOGIN
from docs.openapi.logs import LOGS
from docs.openapi.operation import ACCOUNT, Operation
from docs.openapi.provisioning import PROVISIONING
from docs.openapi.pushes import PUSHES
from docs.openapi.render import Schemas, responses
from docs.openapi.reports import REPORTS
from docs.openapi.routes import routes
from docs.openapi.subscribers import SUBSCRIBERS
from docs.openapi.timeline import TIMELINE

FILE = Path(__file__).parents[1] / "openapi.json"
_OF_APPS = (*LOGIN, *SUBSCRIBERS, *CONTEXTS, *REPORTS, *LOGS, *TIMELINE)
_OF_EXOTEL = (*DIAL_WHOM, *PUSHES, *CALL_EVENTS)
HOOKS = "/v1/hooks/{secret}/accounts/{accountSid}"


def operations() -> dict[str, Operation]:
    """Return what is documented, by route key; Exotel's routes twice, as the template has them."""
    hooks = (_hook(operation) for operation in _OF_EXOTEL)
    return {one.route: one for one in (*_OF_APPS, *PROVISIONING, *_OF_EXOTEL, *hooks)}


def _hook(operation: Operation) -> Operation:
    return replace(
        operation,
        route=operation.route.replace(ACCOUNT, HOOKS),
        name=f"{operation.name}BySecretPath",
        summary=f"{operation.summary} (secret path)",
        description=f"{operation.description} {HOOK_NOTE}",
        security=("none",),
    )


def document() -> dict[str, Any]:
    """Return the OpenAPI document; raises KeyError that names a route of the template which nothing documents."""
    documented, schemas = operations(), Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for route in routes():
        one = documented[route]
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schemas)
    return {**FRAME, "paths": paths, "components": {**FRAME["components"], "schemas": schemas.rendered()}}


def _operation(one: Operation, schemas: Schemas) -> dict[str, Any]:
    names = re.findall(r"\{(\w+)\}", one.path)
    return {
        "operationId": one.name,
        "tags": [one.tag],
        "summary": one.summary,
        **({"description": one.description} if one.description else {}),
        "security": [{} if name == "none" else {name: []} for name in one.security],
        "parameters": [*({"$ref": f"#/components/parameters/{name}"} for name in names), *one.parameters],
        **({"requestBody": _body(one, schemas.ref(one.body))} if one.body else {}),
        "responses": responses(one, schemas),
    }


def _body(one: Operation, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    content = {"schema": schema, "example": one.example}
    kinds = ["application/json"]
    if one.forms:
        kinds += ["application/x-www-form-urlencoded", "multipart/form-data"]
    return {"required": not (one.in_query or one.body_optional), "content": dict.fromkeys(kinds, content)}


def rendered() -> str:
    """Return the file's text."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
