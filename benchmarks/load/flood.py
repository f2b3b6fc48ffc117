"""How soon an innocent call's outcome is known while dave's app sends events at his limit, and without that.

    make flood

From the answer to Exotel's last event until the timeline has the event (what `switchboard why` reads), and until
`GET S/calls` of caller and callee tells the outcome. The emulator passes a stream's records on at once; on AWS
a history is up to five seconds later, because Lambda gathers them.
"""

import base64
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from benchmarks.generated import table
from benchmarks.load.subscribers import ACCOUNT, Subscribers, subscribers
from local import demo
from local.calls.call_data import call_data
from local.options import Options
from local.stack import LocalStack

CALLS = 20
EVENTS, IDS = 100, 16  # in one request: the most
PATIENCE_SECONDS = 120.0
_WEBHOOK = f"{demo.WEBHOOK_USER}:{demo.WEBHOOK_PASSWORD}".encode()
EXOTEL = {"Authorization": f"Basic {base64.b64encode(_WEBHOOK).decode()}"}

type Times = tuple[float, float]  # seconds until the timeline and the histories know


class Flood:
    """Sends dave's events as fast as they are answered; after a refusal again when it says."""

    def __init__(self, stack: Subscribers, name: str) -> None:
        self._path = f"{ACCOUNT}/subscribers/{name}/events"
        self._http, self._headers = stack.http, {"Authorization": f"Bearer {stack.sessions[name]}"}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._send)
        self.accepted = self.refused = 0

    def __enter__(self) -> "Flood":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _send(self) -> None:
        while not self._ended.is_set():
            answer = self._http.post(self._path, json={"events": events()}, headers=self._headers)
            if answer.status_code == 429:
                self.refused += 1
                self._ended.wait(float(answer.headers["Retry-After"]))
                continue
            answer.raise_for_status()
            self.accepted += 1


def events() -> list[dict[str, Any]]:
    """Return what one request tells: as many events, under as many ids, as are accepted."""
    ids = [uuid.uuid4().hex for _ in range(IDS)]
    told = {"name": "onCallRinging", "time": time.time(), "text": "x" * 200}
    return [told | {"callId": ids[number % IDS]} for number in range(EVENTS)]


def innocent_call(stack: Subscribers, caller: str, callee: str) -> Times:
    """Play a call that is answered and ends; return how long it takes until that is known."""
    sid, http = uuid.uuid4().hex, stack.http
    context = f"{ACCOUNT}/subscribers/{caller}/context"
    http.post(context, json={"dialToNumber": callee, "message": ""}, headers=_own(stack, caller)).raise_for_status()
    asked = {"CallSid": sid, "CallFrom": f"sip:{caller}", "CallTo": f"sip:{demo.EXOPHONE}"}
    http.get(f"{ACCOUNT}/dialtonumber", params=asked, headers=EXOTEL).raise_for_status()
    push = {"subscriberName": callee, "payload": call_data(caller), "payloadVersion": "1"}
    http.post(f"{ACCOUNT}/pushtoclient", json=push, headers=EXOTEL).raise_for_status()
    time.sleep(1)
    ended = asked | {"Direction": "incoming", "CallType": "completed", "DialCallStatus": "completed"}
    http.get(f"{ACCOUNT}/callevents", params=ended, headers=EXOTEL).raise_for_status()
    began = time.monotonic()
    known = _until(lambda: _in_timeline(stack, sid), every=0.02) - began
    both = (caller, callee)
    return known, _until(lambda: all(_outcome(stack, name, sid) == "answered" for name in both), every=0.25) - began


def _own(stack: Subscribers, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {stack.sessions[name]}"}


def _in_timeline(stack: Subscribers, sid: str) -> bool:
    """Read the call's partition, as `switchboard why` does."""
    client: Any = stack.stack.aws.session.client("dynamodb", endpoint_url=stack.stack.aws.endpoint)
    items = client.query(
        TableName=stack.stack.deployment.resources["CallsTable"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"{demo.ACCOUNT}#{sid}"}},
        ConsistentRead=True,
    )["Items"]
    return any('"completed"' in item.get("events", {}).get("S", "") for item in items)


def _outcome(stack: Subscribers, name: str, sid: str) -> str | None:
    answer = stack.http.get(f"{ACCOUNT}/subscribers/{name}/calls", headers=_own(stack, name))
    if answer.status_code == 429:  # asked too often
        return None
    calls = answer.raise_for_status().json()["calls"]
    return next((call["outcome"] for call in calls if call["call_sid"] == sid), None)


def _until(known: Callable[[], bool], *, every: float) -> float:
    until = time.monotonic() + PATIENCE_SECONDS
    while not known():
        if time.monotonic() > until:
            raise SystemExit(f"not known after {PATIENCE_SECONDS:.0f} s")
        time.sleep(every)
    return time.monotonic()


def measured(stack: Subscribers, calls: int) -> list[Times]:
    """Play so many calls, each between two others."""
    names = [name for name in stack.sessions if name != _dave(stack)]
    pairs = zip(names[::2], names[1::2], strict=False)
    return [innocent_call(stack, caller, callee) for caller, callee in list(pairs)[:calls]]


def _dave(stack: Subscribers) -> str:
    return next(iter(stack.sessions))


def _row(when: str, times: list[Times]) -> list[str]:
    of = [sorted(one) for one in zip(*times, strict=True)]
    return [when, *(f"{value:.2f}" for one in of for value in (statistics.median(one), one[-1]))]


def main(calls: int) -> None:
    """Print the table of docs/load.md."""
    with LocalStack(Options(port=0, stock_apps="deny")) as local, subscribers(local, 2 * calls + 1) as stack:
        measured(stack, 1)  # every function has been started
        without = measured(stack, calls)
        with Flood(stack, _dave(stack)) as flood:
            time.sleep(2)
            during = measured(stack, calls)
    head = ["seconds until the outcome is known", "timeline, median", "longest", "`GET S/calls`, median", "longest"]
    print(table(head, [_row("without dave", without), _row("while dave sends", during)]))
    told = f"each of {EVENTS} events under {IDS} ids"
    print(f"dave: {flood.accepted} requests accepted, {told}; {flood.refused} refused")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CALLS)
