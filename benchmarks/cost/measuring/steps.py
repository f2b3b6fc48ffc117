"""What happens in a call, and around it, as events of API Gateway, queues and streams."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from benchmarks.cost.measuring.meter import Event
from benchmarks.cost.measuring.parties import ACCOUNT, PASSWORD, Parties, as_user, call_sid, callee, caller
from benchmarks.cost.measuring.player import Player
from local.calls.call_data import call_data
from local.calls.exotel_events import INDIAN_TIME
from switchboard.timeline.items import OF_APP, PLATFORM
from tests.events import request
from tests.integration.logs.upload_bucket import notification
from tests.push_stack import CREDENTIALS
from tests.zips import LOGS, zipped

EXOTEL = "/v1/accounts/{accountSid}"
NOT_COUNTED = "ring before a cancel"  # a delivery to two phones, which is a step already
CANCELLED = 15  # calls in which a phone is stopped
TALKED = 42  # seconds, longer than a phone rings
LOG_MEGABYTES = 1  # of a phone's log before it is zipped


def prepare(parties: Parties, calls: int) -> None:
    """Create the parties of `calls` calls; every other callee has two phones."""
    for number in range(calls):
        parties.put(caller(number), 1)
        parties.put(callee(number), 1 + number % 2)


def play_calls(player: Player, calls: int) -> None:
    """Play the calls, with what a window of Calls' streams gathers of each."""
    secret, numbers = player.deployment.reference("SessionSecret"), range(calls)

    def by_user(user: Callable[[int], str], what: str, body: Callable[[int], Any]) -> Iterator[Event]:
        return (as_user(secret, user(number), what, body(number)) for number in numbers)

    contexts = by_user(caller, "POST context", lambda n: {"dialToNumber": callee(n), "message": "About your order"})
    player.handle("set context", "CallContextFunction", contexts)
    player.handle_changes("dial whom", "DialWhomFunction", ((caller(n), _asked(n)) for n in numbers))
    player.record_changes()

    def told_by_exotel(step: str, first: int, end: int) -> None:
        events = (event for n in numbers for event in list(_events(n))[first:end])  # each made when its turn comes
        player.handle(step, "AcceptCallEventFunction", events)

    told_by_exotel("call event", 0, 2)
    answers = player.handle("accept push", "AcceptPushFunction", (_pushed(n) for n in numbers))
    ids = [json.loads(answer["body"])["pushId"] for answer in answers]
    pushes = player.queued_pushes()
    for phones in (1, 2):
        mine = [one for one in pushes if _phones(one) == phones]
        player.handle(f"deliver to {phones}", "DeliverPushFunction", iter(mine))
    player.follow("follow ringing", PLATFORM)
    read = (as_user(secret, callee(n), "GET context", about=caller(n)) for n in numbers)
    player.handle("read context", "CallContextFunction", read)
    acks = (as_user(secret, callee(n), f"POST pushes/{ids[n]}/ack") for n in numbers)
    player.handle("acknowledge push", "IngestReportsFunction", acks)
    told_by_exotel("call event of the answer", 2, 3)
    player.follow("follow answer", PLATFORM)
    with player.later(TALKED):
        told_by_exotel("call event of the end", 3, 5)
        player.follow("follow end", PLATFORM)
        reports = (report for n in numbers for report in _reports(secret, n, ids[n]))
        player.handle("SDK events", "IngestReportsFunction", reports)
        player.follow("follow SDK events", OF_APP)
    rated = lambda n: {"callId": call_sid(n), "rating": 5, "issue": "NO_ISSUE", "comment": ""}  # noqa: E731
    player.handle("feedback", "IngestReportsFunction", by_user(callee, "POST feedback", rated))
    player.follow("follow feedback", OF_APP)


def play_cancels(player: Player, calls: int) -> None:
    """Play the answer on one of two phones whose apps know a cancel, in calls after the others."""
    secret, numbers = player.deployment.reference("SessionSecret"), range(calls, calls + CANCELLED)
    for number in numbers:
        Parties(player.deployment).put(caller(number), 1)
        Parties(player.deployment).put(callee(number), 2, knows=("cancel",))
    contexts = (as_user(secret, caller(n), "POST context", {"dialToNumber": callee(n), "message": ""}) for n in numbers)
    player.handle("set context", "CallContextFunction", contexts)
    player.handle_changes("dial whom", "DialWhomFunction", ((caller(n), _asked(n)) for n in numbers))
    answers = player.handle("accept push", "AcceptPushFunction", (_pushed(n) for n in numbers))
    ids = {n: json.loads(answer["body"])["pushId"] for n, answer in zip(numbers, answers, strict=True)}
    player.handle(NOT_COUNTED, "DeliverPushFunction", iter(player.queued_pushes()))
    del player.meter.steps[NOT_COUNTED]

    def answered(number: int) -> Event:
        what = f"POST pushes/{ids[number]}/ack"
        return as_user(secret, callee(number), what, {"state": "answered"}, device_id="phone-0")

    player.handle("acknowledge answer", "IngestReportsFunction", (answered(n) for n in numbers))
    player.handle("deliver cancel to 1", "DeliverPushFunction", iter(player.queued_pushes()))
    player.follow("follow ringing", PLATFORM)


def play_the_rest(player: Player, calls: int) -> None:
    """Play what happens beside calls: logins, phones, contacts, histories, log uploads."""
    secret, numbers = player.deployment.reference("SessionSecret"), range(calls)
    player.handle("first login", "VendTokenFunction", (_login(n, "203.0.113.7") for n in numbers))
    player.handle("login", "VendTokenFunction", (_login(n, f"198.51.100.{n}") for n in numbers))
    phones = {n: {"deviceToken": f"token-of-{n:08}-" + "x" * 140} for n in numbers}
    for step, function, what in (
        ("register phone", "ManageDevicesFunction", "POST devicetoken"),
        ("contacts", "ManageDevicesFunction", "GET contacts"),
        ("log destination", "ManageDevicesFunction", "GET logdestination"),
        ("call history", "ListCallsFunction", "GET calls"),
    ):
        bodies = phones if what.startswith("POST") else {}
        player.handle(step, function, (as_user(secret, caller(n), what, bodies.get(n)) for n in numbers))
    log = zipped({"sdk.log": LOGS["sdk.log"] * (LOG_MEGABYTES * 1_000_000 // len(LOGS["sdk.log"]))})
    told = {
        "lines": [{"level": "info", "tag": "sip", "time": 1_800_000_000, "message": "registered at " + "x" * 90}] * 100
    }
    player.handle(
        "log lines", "IngestReportsFunction", (as_user(secret, caller(n), "POST logs", told) for n in numbers)
    )
    player.follow("follow log lines", OF_APP)
    player.handle("unpack log", "UnpackLogsFunction", (_upload(player, n, log) for n in numbers[:15]))
    player.follow("follow unpack log", OF_APP)


def _phones(push: Event) -> int:
    """Return how many phones the callee of a queued push has."""
    name = json.loads(push["Records"][0]["body"])["subscriberName"]
    return 1 + int(name[-8:]) % 2


def _asked(number: int) -> Event:
    query = {"CallSid": call_sid(number), "CallFrom": f"sip:{caller(number)}", "CallTo": "sip:08040408080"}
    path = f"/v1/accounts/{ACCOUNT}/dialtonumber?{urlencode(query)}"
    return request("GET", path, route=f"{EXOTEL}/dialtonumber", headers=CREDENTIALS, at=time.time())


def _pushed(number: int) -> Event:
    body = {"subscriberName": callee(number), "payload": call_data(caller(number)), "payloadVersion": "1.0"}
    path = f"/v1/accounts/{ACCOUNT}/pushtoclient"
    return request("POST", path, route=f"{EXOTEL}/pushtoclient", headers=CREDENTIALS, body=body, at=time.time())


def _events(number: int) -> Iterator[Event]:
    """Yield what Exotel reports of an answered call: the agent pass-through, the Passthru, a StatusCallback."""
    call = {"CallSid": call_sid(number), "CallFrom": f"sip:{caller(number)}", "CallTo": "sip:08040408080"}
    times = {"CurrentTime": f"{datetime.fromtimestamp(time.time(), INDIAN_TIME):%Y-%m-%d %H:%M:%S}"}
    for status, kind in (("busy", "Dial"), ("busy", "Ringing"), ("busy", "Answered")):
        about = {"Direction": "outbound-dial", "DialWhomNumber": f"sip:{callee(number)}"}
        yield _told_by_exotel("GET", call | about | times | {"Status": status, "EventType": kind})
    passthru = {"CallType": "completed", "DialCallStatus": "completed", "DialCallDuration": str(TALKED)}
    yield _told_by_exotel("GET", call | passthru | times | {"Legs[0][OnCallDuration]": str(TALKED)})
    ended = {"EventType": "terminal", "Status": "completed", "Direction": "inbound"}
    ended |= {"ConversationDuration": str(TALKED)}
    yield _told_by_exotel("POST", call | ended | {"DateUpdated": times["CurrentTime"]})


def _told_by_exotel(method: str, told: dict[str, str]) -> Event:
    path, route = f"/v1/accounts/{ACCOUNT}/callevents", f"{EXOTEL}/callevents"
    if method == "GET":
        return request("GET", f"{path}?{urlencode(told)}", route=route, headers=CREDENTIALS, at=time.time())
    return request("POST", path, route=route, headers=CREDENTIALS, body=told, at=time.time())


def _reports(secret: str, number: int, push_id: str) -> Iterator[Event]:
    """Yield what both apps report once a call is over, each in one request."""
    ids = {"callId": call_sid(number), "sessionId": f"callee-session-{number:08}", "pushId": push_id}
    yield as_user(secret, callee(number), "POST events", _told("onIncomingCall", ids))
    ids = {"callId": call_sid(number), "sessionId": f"caller-session-{number:08}"}
    yield as_user(secret, caller(number), "POST events", _told("onCallInitiated", ids))


def _told(first: str, ids: dict[str, str]) -> dict[str, Any]:
    ended = time.time()
    names = {first: ended - TALKED - 5, "onCallEstablished": ended - TALKED, "onCallEnded": ended}
    cdr = {"state": "ENDED", "duration": TALKED, "endReason": "NONE"}
    return {"events": [{"name": name, "time": at, **ids} for name, at in names.items()] + [{"cdr": cdr, **ids}]}


def _login(number: int, address: str) -> Event:
    body = {"user_name": caller(number), "password": PASSWORD, "account_sid": ACCOUNT, "device_id": f"{number:016x}"}
    return request("POST", "/v1/login", route="/v1/login", body=body, at=time.time(), source=address)


def _upload(player: Player, number: int, log: bytes) -> Event:
    name = f"uploads/{ACCOUNT}/{caller(number)}/android/20260101T120000Z-{number:04x}.zip"
    player.deployment.client("s3").put_object(Bucket=player.deployment.reference("LogBucket"), Key=name, Body=log)
    return notification(name)
