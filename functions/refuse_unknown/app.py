"""$default: what no route takes. API Gateway's own answer lacks `http_code`: the iOS app's login would never end."""

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
    """Read which routes there are; no AWS service is asked for anything."""
    return RefuseUnknown(json.loads(ROUTES.read_text(encoding="utf-8")))


def refuse(request: Request) -> Reply:
    """Answer 404 in our own shape."""
    raise build()(request.method, request.raw_path)


handler = api({"$default": refuse})
warm(build)
