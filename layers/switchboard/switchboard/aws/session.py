"""The session that AWS clients are made of: botocore's, with as little in it as functions need.

A cold start pays for the rest. Of botocore's 120 event handlers 100 are for its documentation and for services that
nobody calls here; and it would search files and EC2 for the credentials that Lambda has given.
"""

import os
from functools import cache
from weakref import WeakKeyDictionary

from botocore.credentials import ContainerProvider, CredentialResolver, EnvProvider
from botocore.handlers import BUILTIN_HANDLERS, REGISTER_FIRST, REGISTER_LAST
from botocore.loaders import Loader
from botocore.session import Session

_GIVEN = {"AWS_ACCESS_KEY_ID", "AWS_CONTAINER_CREDENTIALS_FULL_URI"}  # the second in place of the first by SnapStart
_registered: WeakKeyDictionary[Session, set[str | None]] = WeakKeyDictionary()
_IDS = {"secretsmanager": "secrets-manager"}  # as events name services, where that is not as clients do


@cache
def session() -> Session:
    """Return the one session; its clients share credentials, which renew themselves where they end."""
    made = Session(include_builtin_handlers=False)
    made.register_component("data_loader", _loader())
    if _GIVEN & os.environ.keys():
        made.register_component("credential_provider", CredentialResolver([ContainerProvider(), EnvProvider()]))
    _register(made, None)
    return made


def session_for(service: str) -> Session:
    """Return the session, with what botocore does for that service alone."""
    _register(session(), _IDS.get(service, service))
    return session()


@cache
def _loader() -> Loader:
    """Return what remembers the services' descriptions, also for a session that is made anew."""
    return Loader()


def _register(made: Session, service: str | None) -> None:
    """Register, once, botocore's handlers for a service, or for any; events are named `kind.service.operation`."""
    if service in (registered := _registered.setdefault(made, set())):
        return
    registered.add(service)
    events = made.get_component("event_emitter")
    ways = {REGISTER_FIRST: events.register_first, REGISTER_LAST: events.register_last}
    for event, handler, *place in BUILTIN_HANDLERS:
        kind, *rest = event.split(".", 2)
        if kind != "docs" and (rest[0] if rest else None) == service:
            register = ways[place[0]] if place else events.register
            register(event, handler)
