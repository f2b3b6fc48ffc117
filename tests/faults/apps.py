"""Rows of the functions that apps and the customer's server call."""

import time
from collections.abc import Mapping
from typing import Any

from switchboard.subscribers.subscriber import CANCEL, phone_key
from tests.dial_whom_stack import alice_sets
from tests.events import request
from tests.faults.fault_stack import USER, FaultStack
from tests.faults.row import Row, Strike, answered, struck
from tests.faults.webhooks import NOT_QUEUED, UNAVAILABLE, no_event
from tests.faults.wire import DYNAMODB, EXOTEL, S3, SECRETS, SQS
from tests.push_stack import push

LOGIN = {"user_name": "alice", "password": "switchboard", "account_sid": "demo1m", "device_id": "2fc4b5912826ad1"}
ATTEMPTS = "RateLimitsTable"
SERVER = {"Authorization": "Bearer local-server-key"}
DOWN, BAD = "502 `exotel_unavailable`, again after 5 s", "502 `exotel_bad_answer`"
SLOW = "504 `exotel_timeout`, again after 5 s"
OF_EXOTEL = {
    "refused": DOWN,
    "hang": SLOW,
    "drip": SLOW,
    "reset": DOWN,
    "4xx": "502 `exotel_credentials`",
    "5xx": DOWN,
    "throttled": "503 `exotel_rate_limited`, again after 7 s",
    "garbage": BAD,
    "truncated": BAD,
}


def _of_alice(method: str, route: str, body: Any, headers: Mapping[str, str]) -> dict[str, Any]:
    path = route.format(accountSid="demo1m", name="alice", pushId="push-1")
    return request(method, path, route=route, body=body, headers=dict(headers))


def set_context(stack: FaultStack, url: str) -> str:
    alice_sets("bob")
    event = _of_alice("POST", f"{USER}/context", {"dialToNumber": "carol", "message": ""}, stack.session())
    with struck("DYNAMODB", url):
        return answered(stack.ask("CallContextFunction", event))


def register(stack: FaultStack, url: str) -> str:
    stack.phone("old", name="alice")
    with struck("DYNAMODB", url):
        return _registered(stack)


def _registered(stack: FaultStack) -> str:
    event = _of_alice("POST", f"{USER}/devicetoken", {"deviceToken": "new"}, stack.session())
    return answered(stack.ask("ManageDevicesFunction", event))


def old_phone_rings(stack: FaultStack, _: str) -> None:
    assert set(stack.registered("alice")) == {"old"}
    assert _registered(stack) == "200"
    assert "new" in stack.registered("alice")


def report(stack: FaultStack, url: str) -> str:
    event = _of_alice("POST", f"{USER}/events", {"name": "onCallEnded"}, stack.session())
    with struck("SQS", url), stack.without_calls():
        return answered(stack.ask("IngestReportsFunction", event))


def decline(stack: FaultStack, url: str) -> str:
    """Have a phone of two decline while they ring: the cancel for the other cannot be queued."""
    for token in ("mine", "other"):
        stack.phone(token, knows=frozenset({CANCEL}), phone=phone_key("demo1m", "dave", token))
    stack.ring(push())
    with struck("SQS", url):
        return answered(stack.ask("IngestReportsFunction", _declined(stack)))


def _declined(stack: FaultStack) -> dict[str, Any]:
    path, route = f"/v1/accounts/demo1m/subscribers/dave/pushes/{push().push_id}/ack", f"{USER}/pushes/{{pushId}}/ack"
    session = stack.session("dave", "mine")
    return request("POST", path, route=route, body={"state": "declined"}, headers=session)


def other_phone_stops(stack: FaultStack, _: str) -> None:
    """Send the ack again, as the app does after an error."""
    assert answered(stack.ask("IngestReportsFunction", _declined(stack))) == "202"
    stack.invoke(stack.received())
    assert stack.cancelled() == ["other"]


def still_bob(stack: FaultStack, _: str) -> None:
    (context,) = stack.items("CallContextsTable")
    assert context["callee"]["S"] == "bob"


def send_logs(stack: FaultStack, url: str) -> str:
    lines = {"sender": "android", "lines": [{"time": int(time.time() * 1000), "level": "INFO", "message": "hello"}]}
    event = _of_alice("POST", f"{USER}/logs", lines, stack.session())
    with struck("S3", url):
        return answered(stack.ask("IngestReportsFunction", event))


def _logged_in(stack: FaultStack) -> str:
    return answered(stack.ask("VendTokenFunction", request("POST", "/v1/login", route="/v1/login", body=LOGIN)))


def logs_in(service: str) -> Strike:
    def strike(stack: FaultStack, url: str) -> str:
        with struck(service, url):
            return _logged_in(stack)

    return strike


def log_in_at_exotel(stack: FaultStack, url: str) -> str:
    stack.accounts(url)
    return _logged_in(stack)


def may_log_in(stack: FaultStack, _: str) -> None:
    counted = [item.get(count, {"N": "0"})["N"] for item in stack.items(ATTEMPTS) for count in ("attempts", "failed")]
    assert not any(map(int, counted))
    stack.accounts(stack.simulators.exotel_url)
    assert _logged_in(stack) == "200"


def suspend(stack: FaultStack, url: str) -> str:
    stack.accounts(url)
    return answered(stack.ask("ManageSubscribersFunction", _of_alice("PUT", USER, {"status": "inactive"}, SERVER)))


def suspended(stack: FaultStack, _: str) -> None:
    key = {"pk": {"S": "demo1m#alice"}, "sk": {"S": "profile"}}
    assert stack.dynamodb.get_item(TableName="SubscribersTable", Key=key)["Item"]["status"]["S"] == "inactive"


FREE = "the right to log in: no failure is counted"
AS_IT_WAS = "the context as it was"
PHONES = "the phones as they were"
NO_EVENT, TOLD = "no event of lines that S3 did not take", "nothing, and the app is told so"
ACK_AGAIN = "nothing, and the app is told so: at its next ack the other phone stops"
HERE = "the suspension: it holds here at once"
ROWS = (
    Row("DynamoDB", "call_context", DYNAMODB, 10.0, UNAVAILABLE, AS_IT_WAS, set_context, still_bob),
    Row("DynamoDB", "manage_devices", DYNAMODB, 10.0, UNAVAILABLE, PHONES, register, old_phone_rings),
    Row("DynamoDB", "vend_token", DYNAMODB, 12.0, UNAVAILABLE, FREE, logs_in("DYNAMODB"), may_log_in),
    Row("SQS", "ingest_reports", SQS, 10.0, NOT_QUEUED, TOLD, report, no_event),
    Row("SQS", "ingest_reports (cancel)", SQS, 10.0, NOT_QUEUED, ACK_AGAIN, decline, other_phone_stops),
    Row("S3", "ingest_reports", S3, 10.0, UNAVAILABLE, NO_EVENT, send_logs, no_event),
    Row("Secrets Manager", "vend_token", SECRETS, 12.0, UNAVAILABLE, FREE, logs_in("SECRETS_MANAGER"), may_log_in),
    Row("Exotel", "vend_token", EXOTEL, 8.0, OF_EXOTEL, FREE, log_in_at_exotel, may_log_in),
    Row("Exotel", "manage_subscribers", EXOTEL, 12.0, OF_EXOTEL, HERE, suspend, suspended),
)
