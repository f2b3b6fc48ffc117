"""A pytest plugin: a test fails if a secret stands in what was logged or printed while it ran.

Secrets are taken from the product's own objects: sessions, devices, pushes and credentials of requests.
"""

from collections.abc import Callable, Generator
from functools import wraps
from importlib import import_module
from typing import Any

import pytest

from tests.leaks import Secrets

SECRETS = Secrets(most=500)  # a leak comes soon after the secret
MADE_UP = (
    "fuzz"  # its inputs use one text as a name and as a token, so only secrets with a recognisable form are searched
)
# the objects that hold secrets, and in which attributes
HOLDERS = {
    "switchboard.subscribers.subscriber:Device": ("token",),
    "switchboard.subscribers.subscriber:Subscriber": ("password_hash",),
    "switchboard.pushes.push:Push": ("payload",),
    "switchboard.login.login:Session": ("token",),
    "switchboard.login.login:SubscriberToken": ("access_token", "refresh_token"),
    "switchboard.exotel.accounts:ExotelAccount": ("api_key", "api_token"),
}


def _noting(kind: type[Any], note: Callable[[Any], None]) -> None:
    made = kind.__init__

    @wraps(made)
    def make(self: Any, *arguments: Any, **named: Any) -> None:
        made(self, *arguments, **named)
        note(self)

    kind.__init__ = make


def _watch(where: str, attributes: tuple[str, ...]) -> None:
    module, _, name = where.partition(":")

    def note(held: Any) -> None:
        for attribute in attributes:
            SECRETS.know(attribute, getattr(held, attribute))

    _noting(getattr(import_module(module), name), note)


def _note_request(request: Any) -> None:
    headers = request.event.get("headers") or {}
    given = next((str(value) for name, value in headers.items() if name.lower() == "authorization"), "")
    SECRETS.know_message(given, str(request.event.get("body") or "").encode(errors="replace"))
    SECRETS.know_fields({"path": (request.event.get("pathParameters") or {}).get("secret")})


def pytest_collection_finish() -> None:
    for where, attributes in HOLDERS.items():
        _watch(where, attributes)
    _noting(import_module("switchboard.web.request").Request, _note_request)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.outcome == "passed" and report.when != "setup":
        written = "\n".join(text for name, text in report.sections if name.startswith("Captured"))
        if leaks := (Secrets() if MADE_UP in item.path.parts else SECRETS).leaks(written):
            report.outcome = "failed"
            report.longrepr = "\n".join(["secrets in what was logged:", *leaks])
    return report
