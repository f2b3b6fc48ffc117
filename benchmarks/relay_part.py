"""From Exotel's webhook to FCM through the whole local stack, at several rates; every push must arrive."""

import asyncio
import time
from collections.abc import Mapping

from aiohttp import ClientSession, encode_basic_auth

from benchmarks.figures import Figures, Row
from benchmarks.latencies import percentile
from benchmarks.timeline_cost import payload
from local import demo
from local.options import Options
from local.stack import LocalStack

SECONDS_AT: Mapping[int, int] = {1: 20, 10: 20, 50: 10}  # rate a second -> for how long
CALLEE = "bob"
WARM_SECONDS = 3
PATIENCE_SECONDS = 20.0
PATH = f"/v1/accounts/{demo.ACCOUNT}/pushtoclient"


def measure() -> Figures:
    """Return the part `relay`."""
    with LocalStack(Options(port=0)) as stack:
        for rate in SECONDS_AT:
            _relayed(stack, rate, WARM_SECONDS)  # so that the workers have started
        return {"relay": {f"{rate} a second": _relayed(stack, rate, long) for rate, long in SECONDS_AT.items()}}


def _relayed(stack: LocalStack, rate: int, seconds: int) -> Row:
    sent = asyncio.run(_flood(stack, rate, seconds))
    arrived: dict[str, list[int]] = {one: [] for one in sent}
    ends = time.monotonic() + PATIENCE_SECONDS
    while any(not times for times in arrived.values()) and time.monotonic() < ends:
        time.sleep(0.2)
        pushes = stack.simulators.pushes.accepted()
        arrived = {one: [] for one in sent}
        for push in pushes:
            arrived.get(push.payload, []).append(push.at)
    return row(sent, arrived)


def row(sent: Mapping[str, float], arrived: Mapping[str, list[int]]) -> Row:
    """Return the figures from when each payload was sent and when it arrived, in milliseconds."""
    took = [times[0] - sent[one] for one, times in arrived.items() if times]
    return {
        "pushes": len(sent),
        "lost": len(sent) - len(took),
        "repeated": sum(len(times) > 1 for times in arrived.values()),
        "p50_ms": percentile(took, 50),
        "p99_ms": percentile(took, 99),
    }


async def _flood(stack: LocalStack, rate: int, seconds: int) -> dict[str, float]:
    """Send pushes at a steady rate, however long each takes; return when each was sent, in epoch milliseconds."""
    sent: dict[str, float] = {}
    began = time.monotonic()
    exotel = {"Authorization": encode_basic_auth(demo.WEBHOOK_USER, demo.WEBHOOK_PASSWORD)}
    async with ClientSession(stack.base_url, headers=exotel) as http:

        async def push(number: int) -> None:
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            one = payload()
            sent[one] = time.time() * 1000
            body = {"subscriberName": CALLEE, "payload": one, "payloadVersion": "1"}
            async with http.post(PATH, json=body) as answer:
                if answer.status != 200:
                    raise RuntimeError(f"a push was refused with {answer.status}: {await answer.text()}")

        await asyncio.gather(*(push(number) for number in range(rate * seconds)))
    return sent
