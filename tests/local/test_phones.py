"""Phone pages and the platform between them: who may dial, who rings, how a call ends, and what Exotel tells."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession, web

from local import demo
from local.calls.exotel_events import ExotelEvents
from local.gateway.backend import Backend
from local.gateway.feed import Feed
from local.gateway.servers import Servers, listen, port_of
from local.phones.bridge import Bridge
from local.phones.platform import Platform, RefusedError
from local.phones.routes import PhoneRoutes
from local.phones.shelf import MOST_PHONES, Held, NoFreePhoneError, Shelf
from local.simulators.exotel_tokens import SubscriberTokens
from local.simulators.faults import Fault, Faults
from local.simulators.pushes import Pushes
from tests.local.test_conversations import ToldProduct
from tests.patience import patience


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_windows_are_different_phones_and_a_reload_is_the_same(shelf: Shelf) -> None:
    first, second, third = (shelf.take("bob", f"page{number}") for number in range(3))
    assert [one.phone.platform for one in (first, second, third)] == ["android", "ios", "android"]
    assert first.phone == demo.first_phone("bob")
    assert len({one.token for one in (first, second, third)}) == 3
    shelf.give_back(second)
    assert shelf.take("bob", "page1").number == 1
    assert shelf.take("bob", "page0").number == 0
    assert shelf.known("bob") == 3
    assert shelf.known("dave") == 2


def test_an_old_connection_does_not_take_the_phone_from_the_new_one(shelf: Shelf) -> None:
    old = shelf.take("bob", "page")
    new = shelf.take("bob", "page")
    shelf.give_back(old)
    assert shelf.holder(new.token) is new


def test_a_user_has_only_so_many_windows(shelf: Shelf) -> None:
    for number in range(MOST_PHONES):
        shelf.take("bob", f"page{number}")
    with pytest.raises(NoFreePhoneError):
        shelf.take("bob", "one more")


@dataclass
class Bench:
    """A platform before a fake product; `told` are the events of the pages."""

    product: ToldProduct
    shelf: Shelf
    faults: Faults
    platform: Platform
    told: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    async def until(self, holder: Held, kind: str) -> dict[str, Any]:
        """Wait for an event of a page."""
        for _ in range(int(patience(5) / 0.01)):
            for name, told, about in self.told:
                if (name, told) == (f"{holder.name}{holder.number}", kind):
                    return about
            await asyncio.sleep(0.01)
        raise AssertionError(f"no {kind} for {holder.name}: {self.told}")

    async def exotels(self, last: str) -> list[str]:
        """Wait for Exotel's last event of a call, and return all of them."""
        for _ in range(int(patience(5) / 0.01)):
            names = [name for name, _ in self.product.told]
            if last in names:
                return names
            await asyncio.sleep(0.01)
        raise AssertionError(f"no {last}")


@asynccontextmanager
async def bench(ring_seconds: float = 60.0) -> AsyncIterator[Bench]:
    product, shelf, faults = ToldProduct(Pushes(), {"alice": 1, "bob": 2}), Shelf(), Faults()
    runner = web.AppRunner(product.application())
    await runner.setup()
    listener = listen()
    await web.SockSite(runner, listener).start()
    async with ClientSession() as http:
        backend = Backend(http, f"http://127.0.0.1:{port_of(listener)}", demo.ACCOUNT)
        made: list[Bench] = []

        def tell(held: Held, kind: str, about: dict[str, Any]) -> None:
            made[0].told.append((f"{held.name}{held.number}", kind, about))

        bridge = Bridge(backend, ExotelEvents(backend, demo.EXOPHONE), ring_seconds, faults)
        made.append(Bench(product, shelf, faults, Platform(bridge, shelf, tell)))
        yield made[0]
        await made[0].platform.close()
    await runner.cleanup()


def test_an_answered_call_connects_the_two_and_ends_the_others() -> None:
    async def work() -> None:
        async with bench() as on:
            alice, bob, second = on.shelf.take("alice", "p1"), on.shelf.take("bob", "p2"), on.shelf.take("bob", "p3")
            on.product.contexts["alice"] = "bob"
            call = on.platform.dial(alice)
            await on.exotels("agent Dial")
            for one in (bob, second):
                on.platform.ring(one, call.session)
            await on.until(alice, "ringing")
            on.platform.answer(bob, call.session)
            assert (await on.until(bob, "established"))["callId"] == call.sid
            await on.until(alice, "established")
            assert (await on.until(second, "ended"))["why"] == "answered on another phone"
            with pytest.raises(RefusedError, match="another phone"):
                on.platform.answer(second, call.session)
            on.platform.signal(alice, call.session, {"candidate": "c"})
            assert (await on.until(bob, "signal"))["about"] == {"candidate": "c"}
            with pytest.raises(RefusedError, match="not in the call"):
                on.platform.signal(on.shelf.take("carol", "p4"), call.session, {})
            on.platform.hang_up(bob, call.session)
            ended = await on.until(alice, "ended")
            assert (ended["end"], ended["why"], ended["seconds"]) == ("answered", "bob hung up", 1)
            names = await on.exotels("status terminal")
            assert [name for name in names if name.startswith("agent")] == [
                *("agent Dial", "agent Ringing", "agent Answered", "agent Terminal")
            ]
            assert dict(on.product.told)["passthru"]["CallType"] == "completed"

    asyncio.run(work())


@pytest.mark.parametrize(
    ("what", "end", "why", "call_type"),
    [
        ("decline", "rejected", "declined by bob", "incomplete"),
        ("busy", "rejected", "bob is in another call", "incomplete"),
        ("hang-up", "hung-up", "alice hung up", "client-hangup"),
        ("nothing", "missed", "no answer", "incomplete"),
    ],
)
def test_a_call_that_is_not_answered_says_why(what: str, end: str, why: str, call_type: str) -> None:
    async def work() -> None:
        async with bench(ring_seconds=0.5 if what == "nothing" else 60) as on:
            alice, bob = on.shelf.take("alice", "p1"), on.shelf.take("bob", "p2")
            on.product.contexts["alice"] = "bob"
            call = on.platform.dial(alice)
            on.platform.ring(bob, call.session)
            await on.until(alice, "ringing")
            if what == "decline":
                on.platform.decline(bob, call.session)
            elif what == "busy":
                on.platform.refuse_busy(bob, call.session)
            elif what == "hang-up":
                on.platform.hang_up(alice, call.session)
            for one in (alice, bob):
                ended = await on.until(one, "ended")
                assert (ended["end"], ended["why"], ended["seconds"]) == (end, why, 0)
            await on.exotels("status terminal")
            assert dict(on.product.told)["passthru"]["CallType"] == call_type

    asyncio.run(work())


def test_a_call_to_no_one_and_one_that_no_phone_hears_of() -> None:
    async def work() -> None:
        async with bench(ring_seconds=0.3) as on:
            alice = on.shelf.take("alice", "p1")
            on.product.contexts["alice"] = "noone"
            on.platform.dial(alice)
            assert (await on.until(alice, "ended"))["why"] == "Dial Whom names no one"
            on.told.clear()
            on.product.contexts["alice"] = "bob"
            on.platform.dial(alice)
            assert (await on.until(alice, "ended"))["end"] == "unreached"

    asyncio.run(work())


def test_a_phone_dials_once_at_a_time_and_busy_needs_all_open_phones() -> None:
    async def work() -> None:
        async with bench() as on:
            alice, bob, _ = on.shelf.take("alice", "p1"), on.shelf.take("bob", "p2"), on.shelf.take("bob", "p3")
            on.product.contexts["alice"] = "bob"
            call = on.platform.dial(alice)
            with pytest.raises(RefusedError, match="in a call"):
                on.platform.dial(alice)
            on.platform.refuse_busy(bob, call.session)
            assert not call.over
            with pytest.raises(RefusedError, match="no phone page placed"):
                on.platform.answer(bob, "of a played call")

    asyncio.run(work())


def test_a_fault_for_the_next_call_ends_with_it() -> None:
    async def work() -> None:
        async with bench() as on:
            on.faults.add(Fault("fcm", error_code="UNREGISTERED", call="next"))
            on.faults.add(Fault("exotel", status=503))
            alice = on.shelf.take("alice", "p1")
            on.product.contexts["alice"] = "noone"
            call = on.platform.dial(alice)
            await on.until(alice, "ended")
            assert on.faults.take("fcm", "t", call=call.session) is None
            assert [fault["target"] for fault in on.faults.left()] == ["exotel"]

    asyncio.run(work())


@pytest.fixture
def served() -> Iterator[tuple[str, PhoneRoutes]]:
    with Servers() as servers:
        feed, listener, application = Feed(), listen(), web.Application()
        routes = PhoneRoutes("demo1m", feed, Shelf(), Pushes(), SubscriberTokens())
        application.on_shutdown.append(feed.close)
        application.add_routes(routes.routes())
        servers.serve(application, listener)
        yield f"http://127.0.0.1:{port_of(listener)}", routes


def test_only_the_phones_own_access_token_dials(served: tuple[str, PhoneRoutes]) -> None:
    base, routes = served
    assert routes.tokens is not None
    bobs, android = demo.first_phone("bob"), demo.first_phone("bob").device_id
    good = routes.tokens.issue("demo1m", "bob", android, "android")
    others = routes.tokens.issue("demo1m", "alice", android, "android")
    elsewhere = routes.tokens.issue("demo1m", "bob", "another", "android")

    async def work() -> None:
        async with ClientSession(base) as http:
            async with http.get("/_sim/phones/bob/live?page=page-one") as live:
                assert live.headers["Content-Type"] == "text/event-stream"
                lines = [(await live.content.readline()).decode() for _ in range(4)]
                assert json.loads(lines[3].removeprefix("data: "))["token"] == bobs.token
                routes.platform = Platform(Bridge(None, None, 1.0), routes.shelf, routes.tell)  # type: ignore[arg-type]
                body = {"page": "page-one", "token": bobs.token}
                for token in (good["refresh_token"], others["access_token"], elsewhere["access_token"], "x", ""):
                    async with http.post("/_sim/phones/bob/calls", json=body | {"access_token": token}) as answer:
                        assert answer.status == 401
                for wrong in ({"page": "page-two"}, {"token": "t"}):
                    async with http.post("/_sim/phones/bob/calls", json=body | wrong) as answer:
                        assert answer.status == 403
                async with http.post("/_sim/phones/alice/calls", json=body) as answer:
                    assert answer.status == 403
                async with http.post("/_sim/phones/bob/calls/s1/fly", json=body) as answer:
                    assert answer.status == 404
                for sent, status in ((b"[1]", 400), (b"no json", 400), (b"x" * 70_000, 413)):
                    async with http.post("/_sim/phones/bob/calls", data=sent) as answer:
                        assert answer.status == status
            for name, page in (("b b", "page-one"), ("bob", "x"), ("x" * 17, "page-one")):
                async with http.get(f"/_sim/phones/{name}/live", params={"page": page}) as answer:
                    assert answer.status == 400

    asyncio.run(work())
