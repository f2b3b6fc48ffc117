"""The whole document and the part for apps, from the template's routes, their descriptions and the schemas."""

import json
from collections.abc import Mapping, Sequence
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

_DOCS = Path(__file__).parents[1]
FILE, APP_FILE = _DOCS / "openapi.json", _DOCS / "openapi-app.json"
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
    documented = operations()
    return _document([documented[route] for route in routes()], FRAME["info"])


def app_document() -> dict[str, Any]:
    """Return the part of the document that an app needs, from which to generate its client."""
    of_apps = {one.route: replace(one, security=_of_app(one.security)) for one in _OF_APPS}
    info = FRAME["info"] | {"title": "Switchboard for apps"}
    return _document([of_apps[route] for route in routes() if route in of_apps], info)


def _of_app(security: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in security if name != "serverKey")


def _document(documented: Sequence[Operation], info: Mapping[str, Any]) -> dict[str, Any]:
    schemas = Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for one in documented:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schemas)
    tags = {one.tag for one in documented}
    parts = {
        "parameters": {name for one in documented for name in one.path_parameters},
        "securitySchemes": {name for one in documented for name in one.security},
    }
    components = {
        part: {name: value for name, value in FRAME["components"][part].items() if name in used}
        for part, used in parts.items()
    }
    return {
        **FRAME,
        "info": info,
        "tags": [tag for tag in FRAME["tags"] if tag["name"] in tags],
        "paths": paths,
        "components": {**components, "schemas": schemas.rendered()},
    }


def _operation(one: Operation, schemas: Schemas) -> dict[str, Any]:
    parameters = ({"$ref": f"#/components/parameters/{name}"} for name in one.path_parameters)
    return {
        "operationId": one.name,
        "tags": [one.tag],
        "summary": one.summary,
        **({"description": one.description} if one.description else {}),
        "security": [{} if name == "none" else {name: []} for name in one.security],
        "parameters": [*parameters, *one.parameters],
        **({"requestBody": _body(one, schemas.request(one.body))} if one.body else {}),
        "responses": responses(one, schemas),
    }


def _body(one: Operation, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    content = {"application/json": {"schema": schema, "example": one.example}}
    return {"required": not (one.in_query or one.body_optional), "content": content}


def rendered(document: Mapping[str, Any]) -> str:
    """Return the text of a document's file."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
