"""The envelope of Exotel's Subscriber API, with request id, method and code in every answer."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

# error_data by status: Exotel's own code, a short message and a description.
REFUSALS = {
    400: (1001, "Bad Request", "Invalid parameter"),
    401: (1010, "Authorization Error", "Authentication failed"),
    403: (1011, "Forbidden", "VoIP is not enabled on this account"),
    404: (1000, "Not Found", "Subscriber not found"),
    409: (1002, "Conflict", "Subscriber already exists"),
    429: (1012, "Too Many Requests", "Rate limit exceeded"),
}


def part(code: int, data: Mapping[str, Any] | None, description: str | None = None) -> dict[str, Any]:
    """Return a `response` object: data for a success, error_data for a refusal."""
    if code < 400:
        return {"code": code, "error_data": None, "status": "success", "data": data}
    number, message, usual = REFUSALS.get(code, (1099, "Error", "The request failed"))
    error = {"code": number, "description": description or usual, "message": message}
    return {"code": code, "error_data": error, "status": "failure", "data": None}


def single(
    request: web.Request, code: int, data: Mapping[str, Any] | None, description: str | None = None
) -> web.Response:
    """Return an answer about one item; its HTTP status is the code."""
    return web.json_response(_envelope(request, code) | {"response": part(code, data, description)}, status=code)


def several(
    request: web.Request, code: int, metadata: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]
) -> web.Response:
    """Return an answer about several items, each with its own code."""
    return web.json_response(_envelope(request, code) | {"metadata": metadata, "response": parts}, status=code)


def _envelope(request: web.Request, code: int) -> dict[str, Any]:
    return {"request_id": secrets.token_hex(16), "method": request.method, "http_code": code}
