"""From Exotel's webhook to FCM, and to APNs, through the whole local stack; every push must arrive, once."""

import asyncio
import math
import time
from collections.abc import Mapping, Sequence

from aiohttp import ClientSession, encode_basic_auth

from benchmarks.handlers.processes import HandlerError
from benchmarks.report.figures import Figures, Row
from local import demo
from local.calls.call_data import call_data
from local.options import Options
from local.stack import LocalStack

SECONDS_AT: Mapping[int, int] = {1: 20, 10: 20, 50: 10}  # rate a second -> for how long
CALLEE, IPHONE = "bob", "frank"  # whose phones FCM and APNs reach
IPHONES_RATE = 10
WARM_SECONDS = 3
PATIENCE_SECONDS = 20.0
AFTERWARDS_SECONDS = 5.0  # in which a push would come again that was sent twice
PATH = f"/v1/accounts/{demo.ACCOUNT}/pushtoclient"


def measure() -> Figures:
    """Return the part `relay`."""
    with LocalStack(Options(port=0)) as stack:
        for rate in SECONDS_AT:
            _relayed(stack, rate, WARM_SECONDS)  # so that the workers have started
        _relayed(stack, IPHONES_RATE, WARM_SECONDS, IPHONE)
        sent = {f"{rate} a second": _relayed(stack, rate, long) for rate, long in SECONDS_AT.items()}
        iphones = _relayed(stack, IPHONES_RATE, SECONDS_AT[IPHONES_RATE], IPHONE)
        sent[f"{IPHONES_RATE} a second by APNs"] = iphones
        time.sleep(AFTERWARDS_SECONDS)
        return {"relay": {case: row(pushes, _arrived(stack)) for case, pushes in sent.items()}}


def row(sent: Mapping[str, float], arrived: Mapping[str, Sequence[int]]) -> Row:
    """Return the figures from when each payload was sent and when it arrived, in milliseconds.

    Where nothing arrived there are no times.
    """
    times = {one: arrived[one] for one in sent if one in arrived}
    took = sorted(found[0] - sent[one] for one, found in times.items())
    figures: Row = {
        "pushes": len(sent),
        "lost": len(sent) - len(took),
        "repeated": sum(len(found) > 1 for found in times.values()),
    }
    return figures | ({f"p{percent}_ms": percentile(took, percent) for percent in (50, 99)} if took else {})


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest of these sorted values that so many percent of all do not exceed; nothing is made up."""
    return values[max(0, math.ceil(len(values) * percent / 100) - 1)]


def _relayed(stack: LocalStack, rate: int, seconds: int, callee: str = CALLEE) -> dict[str, float]:
    """Send pushes, and wait until all have arrived; return when each was sent, in epoch milliseconds."""
    sent = asyncio.run(_flood(stack, rate, seconds, callee))
    ends = time.monotonic() + PATIENCE_SECONDS
    while not sent.keys() <= _arrived(stack).keys() and time.monotonic() < ends:
        time.sleep(0.2)
    return sent


def _arrived(stack: LocalStack) -> dict[str, list[int]]:
    arrived: dict[str, list[int]] = {}
    for push in stack.simulators.pushes.accepted():
        arrived.setdefault(push.payload, []).append(push.at)
    return arrived


async def _flood(stack: LocalStack, rate: int, seconds: int, callee: str) -> dict[str, float]:
    """Send pushes at a steady rate, however long each takes; return when each was sent. Raises HandlerError."""
    sent: dict[str, float] = {}
    began = time.monotonic()
    exotel = {"Authorization": encode_basic_auth(demo.WEBHOOK_USER, demo.WEBHOOK_PASSWORD)}
    async with ClientSession(stack.base_url, headers=exotel) as http:

        async def push(number: int) -> None:
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            body = {"subscriberName": callee, "payload": call_data("alice"), "payloadVersion": "1"}
            sent[body["payload"]] = time.time() * 1000
            async with http.post(PATH, json=body) as answer:
                if answer.status != 200:
                    raise HandlerError(f"a push was refused with {answer.status}: {await answer.text()}")

        await asyncio.gather(*(push(number) for number in range(rate * seconds)))
    return sent
