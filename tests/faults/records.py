"""Rows of the functions behind a queue: no caller waits, and the record must not be lost."""

import io
import time
import zipfile
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from local.simulators.faults import Fault
from switchboard.erasure.erasures_dynamodb import DynamoErasures, new_key
from switchboard.pushes.queue import encode
from switchboard.subscribers.subscriber import CANCEL
from switchboard.timeline.entry import entries_of
from switchboard.timeline.event_json import encode as encode_events
from tests.benches.record_call import on_dynamodb
from tests.faults.fault_stack import FaultStack
from tests.faults.row import QUICK, Row, Strike, struck
from tests.faults.wire import DYNAMODB, FAULTS, FCM, OAUTH, S3, SECRETS, SQS
from tests.integration.logs.upload_bucket import KEPT, KEY, TAKEN, notification
from tests.push_stack import push
from tests.timeline_events import dialled

BACK, DONE = "comes back", "delivered"
COMES_BACK = dict.fromkeys(FAULTS, BACK)


def deliver(stack: FaultStack, message: Mapping[str, Any]) -> str:
    """Start the function with a message, and return the outcome."""
    letters = stack.waiting("PushDeadLetterQueue")
    if stack.invoke([message]):
        assert stack.waiting() == 1
        return BACK
    if stack.waiting("PushDeadLetterQueue") > letters:
        (reason,) = stack.reasons()
        return f"dead letter: {reason}"
    return DONE


def delivers(service: str) -> Strike:
    def strike(stack: FaultStack, url: str) -> str:
        stack.phone("android")
        with struck(service, url):
            return deliver(stack, stack.last(encode(push())))

    return strike


def refused_by_fcm(stack: FaultStack, url: str) -> str:
    """FCM refuses the message, so it is a dead letter, for which SQS is needed."""
    stack.phone("android")
    stack.simulators.faults.add(Fault("fcm", status=400))
    with struck("SQS", url):
        return deliver(stack, stack.last(encode(push())))


def a_dead_letter_after_all(stack: FaultStack, _: str) -> None:
    stack.simulators.faults.add(Fault("fcm", status=400))
    assert deliver(stack, stack.message) == "dead letter: 400 INVALID_ARGUMENT"


def cancels(service: str) -> Strike:
    """Have a phone ring, and the call's cancel delivered while the service fails; "" is FCM."""

    def strike(stack: FaultStack, url: str) -> str:
        stack.phone("android", knows=frozenset({CANCEL}))
        stack.ring(push())
        message = stack.last(encode(stack.ended()))
        if not service:
            stack.configure(fcm_base_url=f"{url}/v1/projects")
        with struck(service, url) if service else nullcontext():
            return deliver(stack, message)

    return strike


def told_once(stack: FaultStack, got: str) -> None:
    """Remove the fault and deliver the cancel twice again; what is over for a phone is not told again."""
    stack.configure()
    for _ in range(2):
        assert deliver(stack, stack.message) == DONE
    assert stack.cancelled() == (["android"] if got == BACK else [])
    assert stack.rang() == ["android", *stack.cancelled()]


def without_token(stack: FaultStack, url: str) -> str:
    stack.phone("android")
    stack.configure(fcm=stack.simulators.service_account.as_file() | {"token_uri": url})
    return deliver(stack, stack.last(encode(push())))


def without_fcm(stack: FaultStack, url: str) -> str:
    stack.phone("android")
    stack.configure(fcm_base_url=f"{url}/v1/projects")
    return deliver(stack, stack.last(encode(push())))


def rings_once(stack: FaultStack, got: str) -> None:
    """Remove the fault and deliver the message twice again; a settled push rings no phone."""
    stack.configure()
    for _ in range(2):
        assert deliver(stack, stack.message) == DONE
    assert stack.rang() == (["android"] if got == BACK else [])


def record(stack: FaultStack, url: str) -> str:
    body = encode_events([dialled("sid-1", int(time.time() * 1000))])
    stack.last(body, "TimelineQueue")
    with struck("DYNAMODB", url):
        return recorded(stack)


def recorded(stack: FaultStack) -> str:
    function = stack.deployment.function("RecordCallFunction")
    return BACK if stack.invoke([stack.message], function) else "written"


def follow(service: str) -> Strike:
    """Have the stream of calls followed; SQS is needed only while the table of calls fails."""

    def strike(stack: FaultStack, url: str) -> str:
        on_dynamodb().entries.put(entries_of([dialled("sid-1", int(time.time() * 1000))]))
        (item,) = stack.items("CallsTable")
        change = {"Keys": {name: item[name] for name in ("pk", "sk")}, "SequenceNumber": "1", "NewImage": item}
        event = {"Records": [{"eventSource": "aws:dynamodb", "dynamodb": change}]}
        with struck(service, url), stack.without_calls() if service == "SQS" else nullcontext():
            failed = stack.deployment.function("RecordCallFunction").handler(event, None)["batchItemFailures"]
        return BACK if failed else "waits in the queue"

    return strike


def followed_after_all(stack: FaultStack, got: str) -> None:
    if got == BACK:
        return
    (stack.message,) = stack.received("TimelineQueue")
    assert recorded(stack) == "written"
    assert {item["sk"]["S"][:6] for item in stack.items("CallsTable")} >= {"event#", "listed"}


def written_after_all(stack: FaultStack, _: str) -> None:
    assert recorded(stack) == "written"
    assert stack.items("CallsTable")


def unpack(stack: FaultStack, url: str) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as logs:
        logs.writestr("sdk.log", "hello")
    bucket, s3 = stack.deployment.reference("LogBucket"), stack.deployment.client("s3")
    s3.delete_object(Bucket=bucket, Key=KEPT)  # from the cell before
    s3.put_object(Bucket=bucket, Key=KEY, Body=packed.getvalue())
    with struck("S3", url):
        return unpacked(stack)


def unpacked(stack: FaultStack) -> str:
    function = stack.deployment.function("UnpackLogsFunction")
    function.READ_SECONDS /= 20  # S3's time for copying a rejected upload
    try:
        function.handler(notification(KEY), None)
    except Exception:  # after any exception Lambda returns the message to the queue
        return BACK
    return "unpacked"


def unpacked_after_all(stack: FaultStack, _: str) -> None:
    assert unpacked(stack) == "unpacked"
    bucket = stack.deployment.reference("LogBucket")
    found = stack.deployment.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    assert [one["Key"] for one in found] == [KEPT, TAKEN]


def erases(service: str, steps: int) -> Strike:
    """Have a deleted user erased; the fault comes in the sweep's next step after so many."""

    def strike(stack: FaultStack, url: str) -> str:
        DynamoErasures(stack.dynamodb, "ErasuresTable", time.time, new_key).begin("demo1m", "alice", 0, keeps=False)
        for step in ("waiting", *["sweep"] * steps):
            assert erased(stack, step) == DONE
        with struck(service, url):
            return erased(stack)

    return strike


def erased(stack: FaultStack, step: str = "sweep") -> str:
    function = stack.deployment.function("EraseSubscribersFunction")
    function.READ_SECONDS *= QUICK
    try:
        function.handler({"Records": [{"dynamodb": {"Keys": {"pk": {"S": step}}}}]}, None)
    except Exception:  # after any exception the stream brings the record again
        return BACK
    return DONE


def erased_after_all(stack: FaultStack, _: str) -> None:
    while any(item["pk"]["S"] == "waiting" for item in stack.items("ErasuresTable")):
        assert erased(stack) == DONE
    assert [item["pk"]["S"] for item in stack.items("SubscribersTable")] == []


REFUSED = {"4xx": "dead letter: OAuth 400 invalid_grant"}
ACCEPTED = {"4xx": "dead letter: 403", "garbage": DONE, "truncated": DONE}
NO_TOKEN, REFUSED_BY_FCM = COMES_BACK | REFUSED, COMES_BACK | ACCEPTED
CANCEL_REFUSED_BY_FCM = COMES_BACK | dict.fromkeys(("4xx", "garbage", "truncated"), DONE)  # nobody needs it later
REFUSED_BY_APNS = COMES_BACK | {
    "4xx": "dead letter: 403 InvalidProviderToken",
    "throttled": "given up",
    "truncated": DONE,
}
CANCEL_REFUSED_BY_APNS = REFUSED_BY_APNS | {"4xx": "given up"}
APNS_ELSEWHERE = dict.fromkeys(FAULTS, "tests/integration/push/test_apns_faults.py::test_apns_fails")  # over HTTP/2
APNS_CANCELS = dict.fromkeys(FAULTS, "tests/integration/push/test_apns_faults.py::test_apns_fails_to_take_a_cancel")
STEP = "the step, which the stream brings again"
RINGS, SETTLED = "the push, which rings once", "the push: it rings once, or is a dead letter"
REASON, EVENT, UPLOAD = "the push, as a dead letter", "the event, which is written", "the upload, which is unpacked"
# S3 sends spaces while it copies, so only the function's timeout ends a slow answer
ENDED_BY_LAMBDA = {"drip": "tests/runtime/test_timeouts.py::test_lambda_ends_a_queues_function_whose_dependency_drips"}
OF_STREAM, WAITS = "record_call (stream)", dict.fromkeys(FAULTS, "waits in the queue")
HISTORIES, RECORD = "the record: the histories follow from the queue", "the record, which the stream brings again"
DYNAMODB_STRIKES, SECRETS_STRIKE = delivers("DYNAMODB"), delivers("SECRETS_MANAGER")
OF_CANCELS, STOPS = "deliver_push (cancel)", "the cancel, which a phone gets once"
STOPS_OR_RINGS_ON = "the cancel, which a phone gets once; after a refusal for good it rings to its end"
ROWS = (
    Row("DynamoDB", "deliver_push", DYNAMODB, 10.0, COMES_BACK, RINGS, DYNAMODB_STRIKES, rings_once),
    Row("DynamoDB", OF_CANCELS, DYNAMODB, 10.0, COMES_BACK, STOPS, cancels("DYNAMODB"), told_once),
    Row("DynamoDB", "record_call", DYNAMODB, 30.0, COMES_BACK, EVENT, record, written_after_all),
    Row("DynamoDB", OF_STREAM, DYNAMODB, 30.0, WAITS, HISTORIES, follow("DYNAMODB"), followed_after_all),
    Row("SQS", OF_STREAM, SQS, 30.0, COMES_BACK, RECORD, follow("SQS"), followed_after_all),
    Row("SQS", "deliver_push", SQS, 10.0, COMES_BACK, REASON, refused_by_fcm, a_dead_letter_after_all),
    Row("DynamoDB", "erase_subscribers", DYNAMODB, 60.0, COMES_BACK, STEP, erases("DYNAMODB", 1), erased_after_all),
    Row("S3", "erase_subscribers", S3, 60.0, COMES_BACK, STEP, erases("S3", 4), erased_after_all),
    Row("S3", "unpack_logs", S3, 60.0, COMES_BACK, UPLOAD, unpack, unpacked_after_all, ENDED_BY_LAMBDA),
    Row("Secrets Manager", "deliver_push", SECRETS, 10.0, COMES_BACK, RINGS, SECRETS_STRIKE, rings_once),
    Row("OAuth", "deliver_push", OAUTH, 10.0, NO_TOKEN, SETTLED, without_token, rings_once),
    Row("APNs", "deliver_push", FCM, 10.0, REFUSED_BY_APNS, SETTLED, without_fcm, rings_once, APNS_ELSEWHERE),
    Row("FCM", "deliver_push", FCM, 10.0, REFUSED_BY_FCM, SETTLED, without_fcm, rings_once),
    Row("APNs", OF_CANCELS, FCM, 10.0, CANCEL_REFUSED_BY_APNS, STOPS_OR_RINGS_ON, cancels(""), told_once, APNS_CANCELS),
    Row("FCM", OF_CANCELS, FCM, 10.0, CANCEL_REFUSED_BY_FCM, STOPS_OR_RINGS_ON, cancels(""), told_once),
)
