"""Serves the pages: the workbench, the phone, and the files that both are made of."""

from importlib import resources
from pathlib import PurePosixPath

from aiohttp import web

PAGES = {"/": "workbench.html", "/phone": "phone.html"}
KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# No page loads or sends anything outside of this server.
POLICY = (
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; "
    "form-action 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def routes() -> list[web.RouteDef]:
    """The pages' routes, and `/workbench/…` for their files."""
    return [*(web.get(path, _page) for path in PAGES), web.get("/workbench/{path:.+}", _file)]


async def _page(request: web.Request) -> web.Response:
    return _answer(PAGES[request.path])


async def _file(request: web.Request) -> web.Response:
    return _answer(request.match_info["path"])


def _answer(path: str) -> web.Response:
    name = PurePosixPath(path)
    kind = KINDS.get(name.suffix)
    found = resources.files("local.workbench") / "pages" / path
    if kind is None or ".." in name.parts or name.is_absolute() or not found.is_file():
        return web.Response(status=404, text="no such file\n")
    return web.Response(body=found.read_bytes(), content_type=kind, charset="utf-8", headers=HEADERS)
