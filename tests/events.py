"""HTTP API events (payload format 2.0), from the real one of each function in events/."""

import base64
import json
from typing import Any
from urllib.parse import urlsplit

from tests.sam_template import ROOT


def recorded(name: str) -> dict[str, Any]:
    """Return events/<name>.json."""
    event: dict[str, Any] = json.loads((ROOT / "events" / f"{name}.json").read_text())
    return event


def request(
    method: str,
    path: str,
    *,
    route: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
    source: str = "203.0.113.7",
    at: float | None = None,
) -> dict[str, Any]:
    """Build an event; `path` may have a query, `route` is API Gateway's pattern, whose names become pathParameters."""
    parts = urlsplit(path)
    names = zip(route.split("/"), parts.path.split("/"), strict=True)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {route}",
        "rawPath": parts.path,
        "rawQueryString": parts.query,
        "headers": {"host": "api.example.com", **{k.lower(): v for k, v in (headers or {}).items()}},
        "pathParameters": {pattern[1:-1]: given for pattern, given in names if pattern.startswith("{")},
        "requestContext": {
            "requestId": "request-1",
            "timeEpoch": int((at or 0) * 1000),
            "http": {"method": method, "path": parts.path, "sourceIp": source},
            "domainName": "api.example.com",
        },
        "isBase64Encoded": isinstance(body, bytes),
    }
    if isinstance(body, bytes):
        event["body"] = base64.b64encode(body).decode()
    elif body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    return event


def basic(user: str, password: str) -> dict[str, str]:
    """Return the Basic header of a URL's userinfo."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
