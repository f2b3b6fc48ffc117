"""$default: requests without a route. API Gateway's own 404 lacks `http_code`, for which the iOS app waits forever."""

from switchboard.runtime.warm import warm

import json
from functools import cache
from pathlib import Path

from switchboard.web.http import Reply, api
from switchboard.web.refuse_unknown import RefuseUnknown
from switchboard.web.request import Request

ROUTES = Path(__file__).with_name("routes.json")  # `make docs` writes it from template.yaml


@cache
def build() -> RefuseUnknown:
    """Read the list of routes; no AWS service is called."""
    return RefuseUnknown(json.loads(ROUTES.read_text(encoding="utf-8")))


def refuse(request: Request) -> Reply:
    """Respond 404 in our own format."""
    raise build()(request.method, request.raw_path)


handler = api({"$default": refuse})
warm(build)
