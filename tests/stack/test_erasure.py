"""Users are deleted while their calls are still told of, and while others get their names: on the whole stack."""

import contextlib
import json
import os
import time
import uuid
from collections.abc import Iterator
from itertools import batched
from typing import Any

import pytest

from cli.erasures.records import ErasureRecords
from local import demo
from local.calls.call_data import call_data
from switchboard.aws.attributes import item_of
from switchboard.erasure.erasures import Certificate
from switchboard.timeline.entry import entries_of
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.event_json import encode
from switchboard.timeline.items import LISTED, entry_items, key, row_key, rows_in
from switchboard.timeline.rows import seen_of
from switchboard.timeline.summary import summarise
from tests.patience import patience
from tests.sam_template import resources
from tests.stack.conftest import Api, wait_until
from tests.timeline_events import dialled, event, passthru, pushed
from tests.traces import traces

SERVER = {"Authorization": f"Bearer {demo.SERVER_KEY}"}
LONGEST = 60.0  # seconds, for a thousand calls
SETTLED = 20.0  # seconds: the histories follow


def client(api: Api, service: str) -> Any:
    return api.stack.aws.session.client(service, endpoint_url=api.stack.aws.endpoint)  # type: ignore[call-overload]


def named(prefix: str) -> str:
    """A name that stands in nothing else."""
    return f"{prefix}{uuid.uuid4().hex[:10]}"


def created(api: Api, name: str, *contacts: str) -> dict[str, str]:
    """Create a user with these contacts; return what proves the user's login."""
    entries = [{"contact_name": one.title(), "contact_number": one} for one in contacts]
    groups = [{"group": "Team", "is_special": False, "contacts": entries}]
    body = {"password": demo.PASSWORD, "display_name": name.title(), "contact_groups": groups}
    assert api.http.put(api.subscriber(name), json=body, headers=SERVER).status_code == 201
    return api.login(name)


def deleted(api: Api, name: str, **query: str) -> str:
    answer = api.http.delete(api.subscriber(name), params=query, headers=SERVER)
    assert answer.status_code == 204, answer.text
    return answer.headers["Erasure-Id"]


def certificate(api: Api, erasure: str) -> Certificate:
    return ErasureRecords(client(api, "dynamodb"), api.stack.deployment.resources["ErasuresTable"]).one(erasure)


def erased(api: Api, erasure: str, seconds: float = LONGEST) -> Certificate:
    wait_until(lambda: certificate(api, erasure)["finished_at"] is not None, seconds, every=0.2)
    return certificate(api, erasure)


def left(api: Api, name: str) -> list[str]:
    physical = api.stack.deployment.resources
    tables = {one: physical[one] for one in resources("AWS::DynamoDB::Table")}
    queues = [physical[one] for one in resources("AWS::SQS::Queue")]
    clients = {service: client(api, service) for service in ("dynamodb", "s3", "sqs")}
    return traces(name, tables, clients, physical["LogBucket"], queues)


def nothing_left(api: Api, name: str) -> None:
    with contextlib.suppress(AssertionError):
        wait_until(lambda: left(api, name) == [], SETTLED, every=0.5)
    assert left(api, name) == []


def history(api: Api, name: str, proof: dict[str, str]) -> dict[str, dict[str, Any]]:
    answer = api.http.get(api.subscriber(name, "/calls"), headers=proof)
    assert answer.status_code == 200, answer.text
    return {call["id"]: call for call in answer.json()["calls"]}


def told(api: Api, caller: str, callee: str, proofs: dict[str, dict[str, str]]) -> str:
    """Have a call played up to its end, with all that is told of it; return its CallSid."""
    call = uuid.uuid4().hex
    assert api.set_context(caller, callee, proofs[caller]).status_code == 200
    assert api.dial_whom(caller, call).status_code == 200
    assert api.push(callee, call_data(caller)).status_code == 200
    finished(api, call, caller, callee)
    cdr = {"callId": call, "cdr": {"state": "answered", "duration": 9, "remoteId": f"sip:{callee}"}}
    for name in (caller, callee):
        events = {"events": [cdr, {"name": "onCallEnded", "sessionId": uuid.uuid4().hex, "callId": call}]}
        assert api.http.post(api.subscriber(name, "/events"), json=events, headers=proofs[name]).status_code == 202
    return call


def finished(api: Api, call: str, caller: str, callee: str) -> None:
    fields = {"CallSid": call, "CallFrom": f"sip:{caller}", "DialWhomNumber": f"sip:{callee}", "CallType": "completed"}
    assert api.call_event(**fields, DialCallStatus="completed", CustomField=caller).status_code == 200


@pytest.fixture
def made(denying: Api) -> Iterator[tuple[Api, str, str, dict[str, dict[str, str]]]]:
    """A user who has lived, and her friend: names and logins."""
    zoe, amy = named("zoe"), named("amy")
    proofs = {amy: created(denying, amy, zoe, "bob"), zoe: created(denying, zoe, amy)}
    token = {"deviceToken": uuid.uuid4().hex * 4}
    assert (
        denying.http.post(denying.subscriber(zoe, "/devicetoken"), json=token, headers=proofs[zoe]).status_code == 200
    )
    lines = {"lines": [{"message": "a line"}]}
    assert denying.http.post(denying.subscriber(zoe, "/logs"), json=lines, headers=proofs[zoe]).status_code == 202
    yield denying, zoe, amy, proofs
    deleted(denying, amy)


def test_nothing_names_a_deleted_user_whatever_comes_late(made: tuple[Any, ...]) -> None:
    api, zoe, amy, proofs = made
    calls = [told(api, amy, zoe, proofs), told(api, zoe, amy, proofs)]
    wait_until(lambda: set(history(api, amy, proofs[amy])) >= set(calls), SETTLED, every=0.5)
    assert left(api, zoe)

    erasure = deleted(api, zoe)
    finished(api, calls[0], amy, zoe)  # by Exotel, while it is erased
    assert api.push(zoe, call_data(amy)).status_code == 200
    late = Event(demo.ACCOUNT, calls[1], Kind.SDK_ERROR, int(time.time() * 1000), zoe, {"type": "X", "message": zoe})
    api.stack.aws.sqs.send_message(QueueUrl=api.stack.deployment.resources["TimelineQueue"], MessageBody=encode([late]))
    done = erased(api, erasure)
    finished(api, calls[1], zoe, amy)  # and after that
    refused = api.set_context(amy, zoe, proofs[amy])
    assert (refused.status_code, refused.json()["code"]) == (422, "deleted_subscriber")
    redriven = dialled(calls[0], int(time.time() * 1000), amy, zoe)
    api.stack.aws.sqs.send_message(
        QueueUrl=api.stack.deployment.resources["TimelineQueue"], MessageBody=encode([redriven])
    )

    nothing_left(api, zoe)
    shown = history(api, amy, proofs[amy])
    assert [(shown[call]["other_party"], shown[call]["other_deleted"]) for call in calls] == [(None, True)] * 2
    groups = api.http.get(api.subscriber(amy), headers=SERVER).json()["contact_groups"]
    assert [one["contact_number"] for group in groups for one in group["contacts"]] == ["bob"]
    assert done["counts"]["events"] > 0
    assert done["traces_until"] is not None
    assert api.http.get(api.subscriber(zoe), headers=SERVER).status_code == 404


def test_the_next_user_of_a_name_sees_nothing_of_the_one_before(made: tuple[Any, ...]) -> None:
    api, zoe, amy, proofs = made
    call = told(api, amy, zoe, proofs)
    wait_until(lambda: call in history(api, zoe, proofs[zoe]), SETTLED, every=0.5)
    body = {"dialToNumber": zoe, "message": "for the first one"}
    assert api.http.post(api.subscriber(amy, "/context"), json=body, headers=proofs[amy]).status_code == 200

    erasure, first = deleted(api, zoe), proofs[zoe]
    proofs[zoe] = created(api, zoe, amy)
    finished(api, call, amy, zoe)  # late
    for _ in range(2):  # while it is erased, and after that
        assert history(api, zoe, proofs[zoe]) == {}
        assert api.http.get(api.subscriber(amy, "/context"), headers=proofs[zoe]).status_code == 403
        rating = {"callId": call, "rating": 1, "issue": "ECHO"}
        rated = api.http.post(api.subscriber(zoe, "/feedback"), json=rating, headers=proofs[zoe])
        assert rated.status_code in (403, 404)
        assert api.http.get(api.subscriber(zoe, "/calls"), headers=first).status_code == 401
        erased(api, erasure)

    own = told(api, amy, zoe, proofs)
    wait_until(lambda: own in history(api, zoe, proofs[zoe]), SETTLED, every=0.5)
    wait_until(lambda: history(api, amy, proofs[amy])[own]["other_party"] == zoe, SETTLED, every=0.5)
    assert set(history(api, zoe, proofs[zoe])) == {own}
    shown = history(api, amy, proofs[amy])[call]
    assert (shown["other_party"], shown["other_deleted"]) == (None, True)
    deleted(api, zoe)


def test_calls_can_be_kept_under_a_pseudonym(made: tuple[Any, ...]) -> None:
    api, zoe, amy, proofs = made
    call = told(api, amy, zoe, proofs)
    wait_until(lambda: call in history(api, zoe, proofs[zoe]), SETTLED, every=0.5)
    erasure = deleted(api, zoe, pseudonymise="true")
    assert erased(api, erasure)["call_records"] == "kept under a pseudonym"
    nothing_left(api, zoe)
    assert len(left(api, f"deleted:{erasure[:12]}")) >= 4  # her side of the history, and what was told of the call


def test_an_erasure_whose_record_has_become_a_dead_letter_is_resumed(made: tuple[Any, ...]) -> None:
    api, zoe, amy, proofs = made
    call = told(api, amy, zoe, proofs)
    wait_until(lambda: call in history(api, zoe, proofs[zoe]), SETTLED, every=0.5)
    with failing(api):
        erasure = deleted(api, zoe)
        wait_until(lambda: dead_letters(api) == ["MaxRecordAgeExceeded"], SETTLED, every=0.2)
    assert certificate(api, erasure)["finished_at"] is None
    assert left(api, zoe)

    ErasureRecords(client(api, "dynamodb"), api.stack.deployment.resources["ErasuresTable"]).resume()

    assert erased(api, erasure)["counts"]["events"] > 0
    nothing_left(api, zoe)


@contextlib.contextmanager
def failing(api: Api) -> Iterator[None]:
    """Let the steps of an erasure fail for two seconds, after which the emulator gives a record up.

    Lambda gives it up after 20 more tries, which the emulator does not count, and sends the same to the queue.
    """
    functions, name = client(api, "lambda"), api.stack.deployment.resources["EraseSubscribersFunction"]
    (source,) = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    usual = functions.get_function_configuration(FunctionName=name)["Environment"]
    broken = {"Variables": {**usual["Variables"], "CALLS_TABLE": "no-such-table"}}
    assert source["MaximumRetryAttempts"] == 20
    try:
        functions.update_function_configuration(FunctionName=name, Environment=broken)
        functions.update_event_source_mapping(UUID=source["UUID"], MaximumRecordAgeInSeconds=2)
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Environment=usual)
        functions.update_event_source_mapping(UUID=source["UUID"], MaximumRecordAgeInSeconds=-1)


def dead_letters(api: Api) -> list[str]:
    """Receive what streams gave up; return why."""
    queue = api.stack.deployment.resources["TimelineDeadLetterQueue"]
    received = api.stack.aws.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    for one in received:
        api.stack.aws.sqs.delete_message(QueueUrl=queue, ReceiptHandle=one["ReceiptHandle"])
    return [json.loads(one["Body"])["requestContext"]["condition"] for one in received]


def test_a_thousand_calls_are_gone_in_a_minute(denying: Api) -> None:
    """MANY_CALLS=1000 makes them a thousand; the rows lie there as they would once the histories have followed."""
    many = int(os.environ.get("MANY_CALLS", "40"))
    zoe = named("zoe")
    created(denying, zoe)
    stored(denying, zoe, many)
    began = time.monotonic()
    done = erased(denying, deleted(denying, zoe))
    took = time.monotonic() - began
    assert (done["counts"]["calls_in_history"], done["counts"]["summaries_of_calls"]) == (many, many)
    assert left(denying, zoe) == []
    assert took < patience(LONGEST)
    print(f"{many} calls: erased in {took:.1f} s")  # noqa: T201


def stored(api: Api, name: str, many: int) -> None:
    """Store calls of that user with others, as they are stored after their end."""
    dynamodb, table = client(api, "dynamodb"), api.stack.deployment.resources["CallsTable"]
    at, until = int(time.time() * 1000) - 3_600_000, int(time.time()) + 86_400
    items: list[Any] = []
    for number in range(many):
        call, push, other = f"sid-{name}-{number}".replace(name, uuid.uuid4().hex), uuid.uuid4().hex, f"friend{number}"
        events = [
            dialled(call, at + number, other, name),
            pushed(push, at + number + 200, other, name),
            event(push, Kind.PUSH_SENT, at + number + 300, name, push_id=push, device="d", outcome="accepted"),
            event(call, Kind.SDK_CDR, at + number + 9_000, name, state="answered", remote_id=other),
            passthru(call, at + number + 8_000, "completed", "completed", 5),
        ]
        kept = [one for entry in entries_of(events) for one in entry_items(entry, until)]
        seen = seen_of(summarise(events))
        listed = {**seen, "parties": [name, other], "apps": True, "seen": 4_001, "expires_at": until}
        kept += [row_key(demo.ACCOUNT, *row) | item_of({"expires_at": until}) for row in rows_in(listed, call)]
        kept.append(key(demo.ACCOUNT, call, LISTED) | item_of(listed))
        items += [{key: value for key, value in one.items() if key != "source"} for one in kept]  # no stream follows
    for some in batched(items, 25, strict=False):
        dynamodb.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": one}} for one in some]})
