"""The envelope of Exotel's Subscriber API: every answer names its request, method and code."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

# error_data of the refusals: Exotel's own code, a short message and a description.
REFUSALS = {
    400: (1001, "Bad Request", "Invalid parameter"),
    401: (1010, "Authorization Error", "Authentication failed"),
    403: (1011, "Forbidden", "VoIP is not enabled on this account"),
    404: (1000, "Not Found", "Subscriber not found"),
    409: (1002, "Conflict", "Subscriber already exists"),
    429: (1012, "Too Many Requests", "Rate limit exceeded"),
}


def part(code: int, data: Mapping[str, Any] | None, description: str | None = None) -> dict[str, Any]:
    """One `response` object: of a success with its data, or of a refusal with its error_data."""
    if code < 400:
        return {"code": code, "error_data": None, "status": "success", "data": data}
    number, message, usual = REFUSALS.get(code, (1099, "Error", "The request failed"))
    error = {"code": number, "description": description or usual, "message": message}
    return {"code": code, "error_data": error, "status": "failure", "data": None}


def single(
    request: web.Request, code: int, data: Mapping[str, Any] | None, description: str | None = None
) -> web.Response:
    """An answer about one thing; its HTTP status is the code."""
    return web.json_response(_envelope(request, code) | {"response": part(code, data, description)}, status=code)


def several(
    request: web.Request, code: int, metadata: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]
) -> web.Response:
    """An answer about a list of things, each with a code of its own."""
    return web.json_response(_envelope(request, code) | {"metadata": metadata, "response": parts}, status=code)


def _envelope(request: web.Request, code: int) -> dict[str, Any]:
    return {"request_id": secrets.token_hex(16), "method": request.method, "http_code": code}
