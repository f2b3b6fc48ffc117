"""Creates the demo data through the product's HTTP API."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from local import demo
from local.errors import LocalStackError
from local.gateway.backend import Answer, Backend


async def seed(backend: Backend, *, with_phones: bool) -> Mapping[str, str]:
    """Create the demo's subscribers and, with `phones`, register their phones; raises LocalStackError.

    Returns the sessions of those phones. `backend` does not keep them, so each subscriber's first call begins with a
    login. Subscribers that are there already, from an earlier run, stay as they are.
    """
    backend, turns = replace(backend, sessions={}), _Turns()
    seeding = [_seed_one(backend, turns, one, with_phones=with_phones) for one in demo.SUBSCRIBERS]
    await asyncio.gather(_warm_up(backend), *seeding)
    return backend.sessions


async def _warm_up(backend: Backend) -> None:
    """Start the functions that a call needs, by requests that change nothing; seeding starts the others."""
    nobody = replace(backend, account="nobody", sessions={})
    await nobody.as_user("nobody", "GET", "context")
    await nobody.dial_whom({}, as_json=True)
    await nobody.push({})


class _Turns:
    """One request at a time to each function: several at once would each start a worker."""

    def __init__(self) -> None:
        self.creating, self.login, self.device = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()


async def _seed_one(backend: Backend, turns: _Turns, subscriber: demo.Subscriber, *, with_phones: bool) -> None:
    name = subscriber.name
    profile = {"password": demo.PASSWORD, "display_name": name.capitalize(), "status": "active"}
    async with turns.creating:
        known = (await backend.look_up(name)).ok
        if not known:
            _expect(f"creating {name}", await backend.put_subscriber(name, profile))
    if known and with_phones:
        for phone in subscriber.phones:  # only for the session of a callee's phone; it may be refused by now
            await backend.login(name, phone.device_id, phone.platform)
        return
    for phone in subscriber.phones if with_phones else ():
        async with turns.login:
            _expect(f"login of {name}", await backend.login(name, phone.device_id, phone.platform))
        async with turns.device:
            registered = await backend.as_user(name, "POST", "devicetoken", phone.registration)
            _expect(f"registering {name}'s phone", registered)


def _expect(what: str, answer: Answer) -> None:
    if not answer.ok:
        raise LocalStackError(f"{what} failed with {answer.status}: {' '.join(answer.text.split())[:300]}")
