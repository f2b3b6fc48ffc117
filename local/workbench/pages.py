"""Serves the pages: the workbench, the phone, and the files that both are made of."""

import json
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Any

from aiohttp import web

PAGES = {"/": "workbench.html", "/phone": "phone.html", "/docs": "docs.html"}
OPENAPI = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# No page loads or sends anything outside of this server.
POLICY = (
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; "
    "form-action 'none'"
)
# The API reference's library makes its styles as it runs.
POLICY_OF_DOCS = f"{POLICY}; style-src 'self' 'unsafe-inline'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def routes() -> list[web.RouteDef]:
    """The pages' routes, and `/workbench/…` for their files."""
    files = [web.get("/openapi.json", _openapi), web.get("/workbench/{path:.+}", _file)]
    return [*(web.get(path, _page) for path in PAGES), *files]


async def _page(request: web.Request) -> web.Response:
    answer = _answer(PAGES[request.path])
    if request.path == "/docs":
        answer.headers["Content-Security-Policy"] = POLICY_OF_DOCS
    return answer


async def _openapi(request: web.Request) -> web.Response:
    """Serve docs/openapi.json for this server."""
    document = json.loads(OPENAPI.read_text(encoding="utf-8"), object_hook=_with_named_example)
    document["servers"] = [{"url": f"{request.scheme}://{request.host}", "description": "make run"}]
    return web.json_response(document, headers=HEADERS)


async def _file(request: web.Request) -> web.Response:
    return _answer(request.match_info["path"])


def _with_named_example(part: dict[str, Any]) -> dict[str, Any]:
    """Name an example that is an object: RapiDoc 9.3.8 fails at an unnamed one in which a field is null."""
    if "schema" in part and isinstance(part.get("example"), dict):
        part["examples"] = {"example": {"value": part.pop("example")}}
    return part


def _answer(path: str) -> web.Response:
    name = PurePosixPath(path)
    kind, folder = KINDS.get(name.suffix), resources.files("local.workbench") / "pages"
    if kind is None or ".." in name.parts or name.is_absolute():
        return web.Response(status=404, text="no such file\n")
    for found, encoding in ((folder / path, {}), (folder / f"{path}.gz", {"Content-Encoding": "gzip"})):
        if found.is_file():
            headers = HEADERS | encoding
            return web.Response(body=found.read_bytes(), content_type=kind, charset="utf-8", headers=headers)
    return web.Response(status=404, text="no such file\n")
