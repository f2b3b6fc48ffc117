"""Least privilege, proved: a function does all its work, and calls all that its role allows.

The emulator enforces policies (AUTH=true) at each call. `make test-all` also takes every action away once, and
something breaks.
"""

import contextlib
import copy
import itertools
import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from local import demo
from local.calls.call_data import call_data
from switchboard.pushes.deliveries import DynamoDeliveries
from switchboard.pushes.payload import push_of
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.subscriber import Device, TokenType
from switchboard.timeline.entry import entries_of
from switchboard.timeline.event import Event, Kind
from tests.patience import patience
from tests.sam_template import resources
from tests.stack.conftest import Api, serve, wait_until
from tests.stack.erasure_probes import erase_subscribers
from tests.stack.log_scan import lines
from tests.stack.recorded_calls import Grant, called, grants, record
from tests.stack.ringing import Ringing
from tests.stack.timeline_probes import happened, kinds, list_calls, record_call, recorder
from tests.zips import zipped

SERVER = {"Authorization": f"Bearer {demo.SERVER_KEY}"}
FIRST_FEW = 5  # of functions/ingest_reports
CALLED = 0.5  # seconds, times ten on a busy machine: for what is called after the answer
SOON = 6.0  # seconds: less than the visibility timeout, so that only an asked-for retry comes in time
_uploading = itertools.cycle(("alice", "carol", "dave", "erin"))  # each of them ten times an hour
_sizes = itertools.count(1025)  # MB; each one new, which makes the emulator start the function anew


def ok(answer: httpx.Response) -> httpx.Response:
    assert answer.is_success, answer.text
    return answer


def register(api: Api, name: str, token: str, headers: dict[str, str]) -> None:
    ok(api.http.post(api.subscriber(name, "/devicetoken"), json={"deviceToken": token}, headers=headers))


def dial_whom(api: Api) -> None:
    ok(api.set_context("alice", "bob"))
    assert ok(api.dial_whom("alice", uuid.uuid4().hex)).text == "sip:bob"
    assert api.dial_whom("alice", uuid.uuid4().hex).status_code == 404  # it has looked for a context that comes late


def refuse_unknown(api: Api) -> None:
    assert api.http.post("/v1/login/").json()["code"] == "unknown_route"


def accept_push(api: Api) -> None:
    ok(api.push("erin"))


def deliver_push(api: Api) -> None:
    good, dead, strange = (f"{kind}-{uuid.uuid4().hex}:APA91" for kind in ("good", "dead", "strange"))
    carol = api.login("carol")
    for token in (good, dead, strange):
        register(api, "carol", token, carol)
    before, letters = api.devices("carol"), api.queued("PushDeadLetterQueue")
    api.fault(target="fcm", error_code="UNREGISTERED", token=dead)
    api.fault(target="fcm", error_code="SENDER_ID_MISMATCH", token=strange)
    api.fault(target="fcm", status=503, token=good)
    ok(api.push("carol"))
    wait_until(lambda: any(token == good for token, _ in api.rung()), SOON)  # after the retry that was asked for
    wait_until(lambda: api.devices("carol") == before - 1, SOON)
    api.http.delete("/_sim/pushes")
    ok(api.push("carol"))
    wait_until(lambda: any(token == good for token, _ in api.rung()), SOON)
    push_id = next(p["message"]["data"]["pushId"] for p in api.http.get("/_sim/pushes").json() if p["token"] == good)
    wait_until(lambda: "push-sent" in kinds(api, push_id), SOON)
    redialled(api)
    assert all(token != strange for token, _ in api.rung())
    api.fault(target="fcm", status=400, error_code="INVALID_ARGUMENT", token=good)
    ok(api.push("carol"))
    wait_until(lambda: api.queued("PushDeadLetterQueue") > letters, SOON)
    log_out_while_ringing(api)


def log_out_while_ringing(api: Api) -> None:
    """Have the one of two phones that logs out stop ringing."""
    ringing = two_phones(api)
    ok(api.http.post(api.subscriber(ringing.callee, "/logout"), json={}, headers=ringing.sessions[0]))
    wait_until(lambda: ringing.kinds(ringing.tokens[0]) == ["call", "ended"], SOON)


def two_phones(api: Api) -> Ringing:
    """Return a call that rings two phones whose apps know a cancel."""
    ringing = Ringing(api)
    ringing.phone()
    ringing.phone()
    ringing.dial()
    ringing.rung()
    return ringing


def redialled(api: Api) -> None:
    """Have alice dial carol twice: the call that has the push already is looked for then."""
    now = int(time.time() * 1000)
    calls = [uuid.uuid4().hex for _ in range(2)]
    for number, call in enumerate(calls):
        recorder(api).answer(call, now - 2_000 + number, "alice", "carol")
    ok(api.push("carol"))
    wait_until(lambda: "push-sent" in kinds(api, calls[1]), SOON)


def vend_token(api: Api) -> None:
    alice = api.login("alice", device_id=uuid.uuid4().hex)  # one that is remembered from now on
    token = f"{uuid.uuid4().hex}:APA91"
    register(api, "alice", token, alice)
    before = api.devices("alice")
    ok(api.http.post(api.subscriber("alice", "/token"), json={"device_id": "2fc4b5912826ad1"}, headers=alice))
    ok(api.http.post(api.subscriber("alice", "/logout"), json={"deviceToken": token}, headers=alice))
    assert api.devices("alice") < before  # all tokens of the phone are gone, of other tests too
    assert api.http.post(api.subscriber("alice", "/token"), json={}, headers=alice).status_code == 401
    log_out_while_ringing(api)


def call_context(api: Api) -> None:
    headers = api.login("alice")
    path = api.subscriber("alice", "/context")
    ok(api.set_context("alice", "bob", headers))
    ok(api.http.get(path, headers=headers))
    ok(api.http.get(path))  # as a stock app
    ok(api.http.delete(path, headers=headers))
    gone = f"gone{uuid.uuid4().hex[:9]}"
    ok(api.http.put(api.subscriber(gone), json={"password": demo.PASSWORD}, headers=SERVER))
    ok(api.http.delete(api.subscriber(gone), headers=SERVER))
    assert api.set_context("alice", gone, headers).json()["code"] == "deleted_subscriber"


def manage_devices(api: Api) -> None:
    alice, bob = api.login("alice"), api.login("bob")
    token = f"{uuid.uuid4().hex}:APA91"
    register(api, "alice", token, alice)
    register(api, "bob", token, bob)  # moves it
    path = api.subscriber("bob", "/devicetoken")
    ok(api.http.request("DELETE", path, params={"deviceToken": token}, headers=bob))
    ok(api.http.get(api.subscriber("bob", "/contacts"), headers=bob))
    ok(api.http.get(api.subscriber("bob", "/contacts")))  # as a stock app
    url = ok(api.http.get(api.subscriber("bob", "/logdestination"), headers=bob)).json()["logDestinationURL"]
    ok(httpx.put(url, content=b"a zip", timeout=patience(5)))


def unpack_logs(api: Api) -> None:
    bucket, name = api.stack.deployment.resources["LogBucket"], next(_uploading)
    headers = api.login(name)
    at = int(time.time()) * 1000 - 60_000  # a call that the logs are about
    happened(api, Event(demo.ACCOUNT, uuid.uuid4().hex, Kind.DIAL_WHOM, at, None, {"caller": name}), name)
    for content, folder in ((zipped(), "logs/"), (b"no zip", "rejected/")):
        answer = ok(api.http.get(api.subscriber(name, "/logdestination"), headers=headers)).json()
        ok(httpx.put(answer["logDestinationURL"], content=content, timeout=patience(5)))
        where = f"{demo.ACCOUNT}/{name}/android/{answer['logDestinationFileName']}"
        kept = {f"{folder}{where}", f"taken/{where}"}
        wait_until(lambda: kept == objects(api, bucket, where), SOON)  # noqa: B023 it is done in the loop
    ok(httpx.put(answer["logDestinationURL"], content=zipped(), timeout=patience(5)))  # once more, which is looked up
    wait_until(lambda: kept == objects(api, bucket, where), SOON)
    gone = f"gone{uuid.uuid4().hex[:9]}"  # who is deleted before the phone uploads its logs
    ok(api.http.put(api.subscriber(gone), json={"password": demo.PASSWORD}, headers=SERVER))
    answer = ok(api.http.get(api.subscriber(gone, "/logdestination"), headers=api.login(gone))).json()
    ok(api.http.delete(api.subscriber(gone), headers=SERVER))
    ok(httpx.put(answer["logDestinationURL"], content=zipped(), timeout=patience(5)))
    wait_until(lambda: objects(api, bucket, answer["logDestinationFileName"]) == set(), SOON)


def objects(api: Api, bucket: str, ending: str) -> set[str]:
    """The keys in the bucket that end so."""
    found = api.stack.aws.s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {one["Key"] for one in found if one["Key"].endswith(ending)}


def register_long_ago(api: Api, name: str) -> None:
    """Register a phone, an hour ago: of one that is new nobody asks whether it is dead."""
    dynamodb = api.stack.aws.session.client("dynamodb", endpoint_url=api.stack.aws.endpoint)
    devices = DynamoDevices(dynamodb, api.stack.deployment.resources["SubscribersTable"])
    version, at = devices.callee(demo.ACCOUNT, name).session_version, int(time.time() - 3_600) * 1000
    device = Device(f"{uuid.uuid4().hex}:APA91", TokenType.FCM, at, session_version=version, phone="a-phone")
    devices.register(demo.ACCOUNT, name, device)


def manage_subscribers(api: Api) -> None:
    path = api.subscriber("heidi")
    ok(api.http.put(path, json={"password": demo.PASSWORD}, headers=SERVER))
    ok(api.http.get(path, headers=SERVER))
    heidi = api.login("heidi")
    register_long_ago(api, "heidi")
    phone, *_ = ok(api.http.get(f"{path}/devices", headers=heidi)).json()["devices"]  # one may be left of a broken run
    assert phone["probablyDead"] is False  # null where the history cannot be read
    ok(api.http.delete(f"{path}/devices/{phone['deviceKey']}", headers=SERVER))
    register(api, "heidi", f"{uuid.uuid4().hex}:APA91", heidi)
    ok(api.http.put(path, json={"status": "inactive"}, headers=SERVER))
    ok(api.http.delete(path, headers=SERVER))
    assert api.http.get(path, headers=SERVER).status_code == 404
    ringing = two_phones(api)
    ringing.change("inactive")
    ringing.stopped(*ringing.tokens)


def accept_call_event(api: Api) -> None:
    ok(api.call_event(CallSid=uuid.uuid4().hex, CallFrom="sip:alice", DialWhomNumber="sip:bob"))
    ringing, answered = two_phones(api), two_phones(api)
    ringing.agent(ringing.call_sid, "Terminal")
    ringing.stopped(*ringing.tokens)
    answered.agent(answered.call_sid, "Answered", names_caller=False)
    answered.agent(answered.call_sid, "Terminal")
    answered.settled()
    assert [answered.kinds(token) for token in answered.tokens] == [["call"]] * 2  # nobody knows which one answered


def ingest_reports(api: Api) -> None:
    alice, sid = api.login("alice"), uuid.uuid4().hex
    dialled = Event(demo.ACCOUNT, sid, Kind.DIAL_WHOM, int(time.time()) * 1000, None, {"caller": "alice"})
    recorder(api).entries.put(entries_of([dialled]))
    rating = {"callId": sid, "rating": 5, "issue": "NO_ISSUE"}
    ok(api.http.post(api.subscriber("alice", "/feedback"), json=rating, headers=alice))
    event = {"name": "onCallEnded", "callId": sid}
    for _ in range(FIRST_FEW + 1):  # the environment counts the first few by itself
        ok(api.http.post(api.subscriber("alice", "/events"), json=event, headers=alice))
    dynamodb = api.stack.aws.session.client("dynamodb", endpoint_url=api.stack.aws.endpoint)
    deliveries = DynamoDeliveries(dynamodb, api.stack.deployment.resources["DeliveriesTable"])
    now = int(time.time() * 1000)
    push = push_of(
        demo.ACCOUNT, {"subscriberName": "alice", "payload": call_data("bob"), "payloadVersion": "2"}, sid[:8], now
    )
    deliveries.begin(push, now_ms=now, lease_ms=1, known_until_ms=now + 30_000)
    deliveries.mark(push, "a-phone", last=True)
    ok(api.http.post(api.subscriber("alice", f"/pushes/{push.push_id}/ack"), headers=alice))
    ringing = two_phones(api)
    ok(ringing.ack(0, str(ringing.got(ringing.tokens[0])[0]["pushId"]), "answered"))
    ringing.stopped(ringing.tokens[1])
    ringing.agent(ringing.call_sid, "Terminal")
    ringing.settled()
    assert ringing.kinds(ringing.tokens[0]) == ["call"]
    ok(api.http.post(api.subscriber("alice", "/logs"), json={"lines": [{"message": "a line"}]}, headers=alice))


PROBES: dict[str, Callable[[Api], None]] = {
    "DialWhomFunction": dial_whom,
    "AcceptPushFunction": accept_push,
    "DeliverPushFunction": deliver_push,
    "VendTokenFunction": vend_token,
    "CallContextFunction": call_context,
    "ManageDevicesFunction": manage_devices,
    "ManageSubscribersFunction": manage_subscribers,
    "AcceptCallEventFunction": accept_call_event,
    "IngestReportsFunction": ingest_reports,
    "EraseSubscribersFunction": erase_subscribers,
    "UnpackLogsFunction": unpack_logs,
    "RecordCallFunction": record_call,
    "ListCallsFunction": list_calls,
    "RefuseUnknownFunction": refuse_unknown,
}


# what Lambda's pollers use of a function's role
_QUEUE, _STREAM = "AWSLambdaSQSQueueExecutionRole", "AWSLambdaDynamoDBExecutionRole"
POLLED = {
    "DeliverPushFunction": {_QUEUE},
    "UnpackLogsFunction": {_QUEUE},
    "RecordCallFunction": {_QUEUE, _STREAM},
    "EraseSubscribersFunction": {_STREAM},
}


# What a function needs only while the table of calls fails: tests/faults shows that it uses it.
FOR_FAULTS = {
    (function, "sqs:SendMessage", "TimelineQueue")
    for function in ("AcceptCallEventFunction", "DeliverPushFunction", "IngestReportsFunction", "UnpackLogsFunction")
} | {
    ("EraseSubscribersFunction", "sqs:SendMessage", "TimelineDeadLetterQueue")
}  # by Lambda, for a step that keeps failing
# Only where a call ends while its invite is being sent, but the emulator delivers one push after the other:
# tests/unit/pushes/test_stop_ringing.py shows that it does.
IN_A_RACE = {("DeliverPushFunction", "sqs:SendMessage", "PushQueue")}
# whose grant no call of that name needs -> what does
NOT_CALLED = {("UnpackLogsFunction", "s3:ListBucket"): "GetObject, which else says 403 of an object that is not there"}


@pytest.fixture(scope="module")
def everything() -> Iterator[Api]:
    """A stack that lets the stock apps in, with every function doing all that it can be told to."""
    yield from serve("allow", MissedCallPush="on")


@pytest.fixture(scope="module")
def recorded(everything: Api) -> Api:
    """The same stack, with all calls recorded from the functions' start on."""
    record(everything)
    for function in PROBES:
        restart(everything, function)
    return everything


def service(function: str) -> str:
    variables = resources("AWS::Serverless::Function")[function]["Environment"]["Variables"]
    return str(variables["POWERTOOLS_SERVICE_NAME"])


def needed() -> Iterator[Grant]:
    """Every grant that a function uses while nothing fails."""
    return (one for one in grants() if (one.function, one.action, one.target[0]) not in FOR_FAULTS | IN_A_RACE)


@contextmanager
def without(api: Api, function: str, number: int, action: str) -> Iterator[None]:
    """Take one action from one statement of a function's role, and give it back."""
    iam = api.stack.aws.session.client("iam", endpoint_url=api.stack.aws.endpoint)
    role = api.stack.deployment.resources[f"{function}Role"]
    policy = iam.list_role_policies(RoleName=role)["PolicyNames"][0]
    whole: Any = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    document = copy.deepcopy(json.loads(whole) if isinstance(whole, str) else whole)
    statement = document["Statement"][number]
    actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
    assert action in actions
    statement["Action"] = [one for one in actions if one != action] or ["sts:GetCallerIdentity"]
    write(iam, role, policy, document)
    if action == "secretsmanager:GetSecretValue":
        restart(api, function)  # what was read before the change would serve for minutes
    try:
        yield
    finally:
        write(iam, role, policy, whole)
        api.http.delete("/_sim/faults")
        # A push that is tried again until it no longer rings would take the next test's faults, or ring its phones.
        api.stack.aws.sqs.purge_queue(QueueUrl=api.stack.deployment.resources["PushQueue"])


def write(iam: Any, role: str, policy: str, document: Any) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=text)


def restart(api: Api, function: str) -> None:
    client = api.stack.aws.session.client("lambda", endpoint_url=api.stack.aws.endpoint)
    name = api.stack.deployment.resources[function]
    client.update_function_configuration(FunctionName=name, MemorySize=next(_sizes))
    for alias in client.list_aliases(FunctionName=name)["Aliases"]:
        version = client.publish_version(FunctionName=name)["Version"]
        client.update_alias(FunctionName=name, Name=alias["Name"], FunctionVersion=version)


@pytest.mark.parametrize("function", list(PROBES))
def test_a_function_does_all_its_work_and_calls_all_that_its_role_allows(recorded: Api, function: str) -> None:
    granted = [one for one in needed() if one.function == function and (function, one.action) not in NOT_CALLED]
    PROBES[function](recorded)
    with contextlib.suppress(AssertionError):
        wait_until(lambda: all(called(recorded, one) for one in granted), CALLED)
    assert [one for one in granted if not called(recorded, one)] == []


def logged(api: Api) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(api.stack) if line.startswith("{")]


def test_with_its_role_whole_a_function_may_also_ask_what_it_asks_as_it_starts(recorded: Api) -> None:
    services = {service(name) for name in PROBES}  # all have started; their last lines may still be on the way
    wait_until(lambda: services <= {line["service"] for line in logged(recorded)}, SOON)
    faults = [line for line in logged(recorded) if line.get("message") == "warming up failed"]
    assert [line for line in faults if "AccessDenied" in line["fault"]] == []


@pytest.mark.long
@pytest.mark.parametrize(("function", "number", "action"), [(one.function, one.number, one.action) for one in needed()])
def test_an_action_taken_away_breaks_something(everything: Api, function: str, number: int, action: str) -> None:
    with without(everything, function, number, action), pytest.raises(AssertionError):
        PROBES[function](everything)


def test_the_permissions_that_lambda_itself_uses_are_listed(everything: Api) -> None:
    iam = everything.stack.aws.session.client("iam", endpoint_url=everything.stack.aws.endpoint)
    for function in PROBES:
        role = everything.stack.deployment.resources[f"{function}Role"]
        attached = {one["PolicyName"] for one in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]}
        assert attached == {"AWSLambdaBasicExecutionRole"} | POLLED.get(function, set())
