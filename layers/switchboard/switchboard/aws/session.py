"""The botocore session that creates the AWS clients, reduced to what functions need.

The rest would slow down each cold start: 100 of botocore's 120 event handlers are for its documentation and for
services that are not used here, and by default it searches files and EC2 for credentials that are in the environment.
"""

import os
from functools import cache
from weakref import WeakKeyDictionary

from botocore.credentials import ContainerProvider, CredentialResolver, EnvProvider
from botocore.handlers import BUILTIN_HANDLERS, REGISTER_FIRST, REGISTER_LAST
from botocore.loaders import Loader
from botocore.session import Session

_GIVEN = {"AWS_ACCESS_KEY_ID", "AWS_CONTAINER_CREDENTIALS_FULL_URI"}  # the second with SnapStart
_registered: WeakKeyDictionary[Session, set[str | None]] = WeakKeyDictionary()
_IDS = {"secretsmanager": "secrets-manager"}  # a client's service name -> the name in events, where they differ


@cache
def session() -> Session:
    """Return the one session; its clients share credentials, which are renewed before they expire."""
    made = Session(include_builtin_handlers=False)
    made.register_component("data_loader", _loader())
    if _GIVEN & os.environ.keys():
        made.register_component("credential_provider", CredentialResolver([ContainerProvider(), EnvProvider()]))
    _register(made, None)
    return made


def session_for(service: str) -> Session:
    """Return the session, with botocore's event handlers for that service registered."""
    _register(session(), _IDS.get(service, service))
    return session()


@cache
def _loader() -> Loader:
    """Return the loader, which caches the service models, also for a session created after a restore."""
    return Loader()


def _register(made: Session, service: str | None) -> None:
    """Register, once, botocore's handlers for a service, or those for all (None).

    Events are named `kind.service.operation`.
    """
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
