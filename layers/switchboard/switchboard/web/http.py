"""The Lambda handler of every API function: dispatch, error statuses, one log line and one response format.

API Gateway has already matched the route, so functions use API Gateway's route keys. A route parses the request, calls
its use case and returns a `Reply`; it needs no `try`.
"""

import json
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from switchboard.foundation import errors
from switchboard.runtime.log import logger, named
from switchboard.runtime.metrics import SERVER_ERROR, emit
from switchboard.web.request import Request, encodable

JSON = "application/json; charset=utf-8"  # without the charset, Dart's http package decodes JSON as Latin-1
ACCOUNT = "/v1/accounts/{accountSid}"
SUBSCRIBER = ACCOUNT + "/subscribers/{name}"
_OF_EXOTEL = ("dialtonumber", "pushtoclient", "callevents")
HOOKS = "/v1/hooks/{secret}/accounts/{accountSid}"

STATUSES: Mapping[type[errors.SwitchboardError], int] = {
    errors.MalformedRequestError: 400,
    errors.UnauthorizedError: 401,
    errors.ForbiddenError: 403,
    errors.NotFoundError: 404,
    errors.TooLargeError: 413,
    errors.InvalidFieldError: 422,
    errors.TooManyRequestsError: 429,
    errors.UpstreamTimeoutError: 504,
    errors.UpstreamError: 502,
    errors.UnavailableError: 503,
}
_UNAVAILABLE = errors.UnavailableError("unavailable", "a part of the service does not answer; try again", retry_after=1)
_INTERNAL = errors.SwitchboardError("internal", "the service failed; quote the request_id to its operator")


class Reply(NamedTuple):
    """A route's response: a mapping is sent as JSON with `http_code` and `request_id`, a string as plain text."""

    body: Mapping[str, object] | str | None = None
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})


type Route = Callable[[Request], Reply]
type Body = Mapping[str, object]
type Shape = Callable[[Body], Body]
type Count = Callable[[Request], None]
type Handler = Callable[[dict[str, Any], object], dict[str, Any]]


def api(
    routes: Mapping[str, Route], count: Count | None = None, refusals: Mapping[str, Shape] = MappingProxyType({})
) -> Handler:
    """Return the Lambda handler that serves `routes`, keyed by API Gateway's route keys.

    `count` writes the function's own metrics from the request's notes, after the response is made. `refusals` changes
    the bodies of a route's error responses, 500 and 503 included, for clients that ignore the status.
    """

    def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
        began = time.perf_counter()
        request = Request(event)
        reply = _answer(routes, request, refusals.get(request.route, _as_it_is))
        took = round((time.perf_counter() - began) * 1000, 1)
        log = logger.error if reply.status >= 500 else logger.info
        log("served", extra=_line(request) | {"status": reply.status, "took_ms": took})
        _count(request, reply, count)
        return _rendered(reply, request.request_id)

    return handler


def _count(request: Request, reply: Reply, count: Count | None) -> None:
    try:
        if reply.status >= 500:
            emit({SERVER_ERROR: 1})
        if count is not None:
            count(request)
    except Exception:  # a failure to count must not replace the response
        logger.exception("not counted", extra=_line(request))


def _line(request: Request) -> dict[str, object]:
    return {"route": request.route, "request_id": request.request_id, **request.notes}


def _as_it_is(body: Body) -> Body:
    return body


def _answer(routes: Mapping[str, Route], request: Request, shape: Shape) -> Reply:
    try:
        route = routes.get(request.route)
        if route is None:
            raise errors.NotFoundError("unknown_route", "no such route; see docs/api.md")
        return route(request)
    except errors.SwitchboardError as error:
        return _refusal(error, request, shape)
    except errors.AwsError as error:
        request.notes["fault"] = named(error)
        return _refusal(_UNAVAILABLE, request, shape)
    except Exception:  # the client gets our error response, the operator the stack trace
        logger.exception("failed", extra=_line(request))
        return _refusal(_INTERNAL, request, shape)


def _refusal(error: errors.SwitchboardError, request: Request, shape: Shape) -> Reply:
    status = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)
    request.notes |= {"code": error.code}
    if status >= 500:
        request.notes["reason"] = error.message
    if isinstance(error.__cause__, Exception):
        request.notes["fault"] = named(error.__cause__)
    body = {"code": error.code, "message": error.message} | ({"field": error.field} if error.field else {})
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Basic" if request.route.endswith(_OF_EXOTEL) else "Bearer"
    return Reply(shape(body), status, headers)


def _rendered(reply: Reply, request_id: str) -> dict[str, Any]:
    if reply.body is None:
        return {"statusCode": reply.status, "headers": dict(reply.headers), "body": ""}
    if isinstance(reply.body, str):
        kind, body = "text/plain", reply.body
    else:
        shaped = {**reply.body, "http_code": reply.status, "request_id": request_id}
        kind, body = JSON, encodable(json.dumps(shaped, ensure_ascii=False, separators=(",", ":")))
    headers = {"Content-Type": kind, "Cache-Control": "no-store", **reply.headers}
    return {"statusCode": reply.status, "headers": headers, "body": body}
