"""Seeds the demo through the product's own HTTP API."""

import asyncio

from local import demo
from local.backend import Answer, Backend
from local.errors import LocalStackError


async def seed(backend: Backend, *, with_phones: bool) -> None:
    """Create the demo's subscribers and, unless told otherwise, register their phones; raises LocalStackError."""
    await asyncio.gather(*(_seed_one(backend, subscriber, with_phones=with_phones) for subscriber in demo.SUBSCRIBERS))


async def _seed_one(backend: Backend, subscriber: demo.Subscriber, *, with_phones: bool) -> None:
    name = subscriber.name
    profile = {"password": demo.PASSWORD, "display_name": name.capitalize(), "status": "active"}
    _expect(f"creating {name}", await backend.put_subscriber(name, profile))
    for phone in subscriber.phones if with_phones else ():
        _expect(f"login of {name}", await backend.login(name, phone.device_id, phone.platform))
        device = {"deviceToken": phone.token, "platform": phone.platform, "deviceId": phone.device_id}
        _expect(f"registering {name}'s phone", await backend.as_user(name, "POST", "devicetoken", device))


def _expect(what: str, answer: Answer) -> None:
    if not answer.ok:
        raise LocalStackError(f"{what} failed with {answer.status}: {' '.join(answer.text.split())[:300]}")
