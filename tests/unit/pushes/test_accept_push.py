"""Which pushes are accepted from Exotel, and which are refused."""

import base64
import json

import pytest

from switchboard.foundation.errors import InvalidFieldError, TooLargeError, UnavailableError
from switchboard.pushes.accept_push import AcceptPush
from switchboard.pushes.push import Push, key_in
from tests.fakes.clock import FakeClock
from tests.fakes.push import FakePushQueue


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


HEADER = part({"alg": "HS256"})
JWT = f"{HEADER}.{part({'callerId': 'alice'})}.c2ln"
CHANCE = "0a1b2c3d"
FIELDS = {"subscriberName": "Bob", "payload": JWT, "payloadVersion": "2.0"}


@pytest.fixture
def queue() -> FakePushQueue:
    return FakePushQueue()


@pytest.fixture
def accept(queue: FakePushQueue) -> AcceptPush:
    return AcceptPush(queue, FakeClock(1700000000.123), lambda: CHANCE)


def test_a_push_is_queued_byte_for_byte_with_its_time(accept: AcceptPush, queue: FakePushQueue) -> None:
    push = accept("demo1m", FIELDS)

    assert push == Push("demo1m", "Bob", JWT, "2.0", f"{push.key}{CHANCE}", 1700000000123)
    assert key_in(push.push_id) == push.key
    assert queue.pushes == [push]


def test_what_the_queue_does_not_take_is_not_accepted(accept: AcceptPush, queue: FakePushQueue) -> None:
    queue.down = True

    with pytest.raises(UnavailableError):
        accept("demo1m", FIELDS)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("rest", [{}, {"empty": ""}], ids=["missing", "empty"])
def test_every_field_is_needed(accept: AcceptPush, field: str, rest: dict[str, str]) -> None:
    fields = dict(FIELDS)
    fields.pop(field)
    fields |= dict.fromkeys([field], rest["empty"]) if rest else {}

    with pytest.raises(InvalidFieldError) as refusal:
        accept("demo1m", fields)

    assert (refusal.value.code, refusal.value.field) == ("missing_field", field)


@pytest.mark.parametrize("field", FIELDS)
def test_a_lone_surrogate_is_refused_without_a_crash(accept: AcceptPush, queue: FakePushQueue, field: str) -> None:
    with pytest.raises(InvalidFieldError) as refusal:
        accept("demo1m", FIELDS | {field: FIELDS[field] + "\ud83d"})

    assert refusal.value.field == field
    assert not queue.pushes


def test_a_name_that_exotel_would_not_have_is_refused(accept: AcceptPush) -> None:
    with pytest.raises(InvalidFieldError) as refusal:
        accept("demo1m", FIELDS | {"subscriberName": "sip:Bob"})

    assert refusal.value.field == "subscriberName"


@pytest.mark.parametrize(
    "payload",
    [
        "hello",
        f"{HEADER}.{HEADER}",
        f"{HEADER}.{HEADER}.",
        f"{HEADER}.{HEADER}.c2ln.c2ln",
        f"{HEADER}..c2ln",
        f"{HEADER}.{part([1])}.c2ln",
        f"{part('text')}.{HEADER}.c2ln",
        f"{HEADER}.bm90IGpzb24.c2ln",
        f"{HEADER}.a.c2ln",
        f"{HEADER}.{HEADER}.c2ln\n",
        f" {HEADER}.{HEADER}.c2ln",
        f"{HEADER}.{HEADER}.c+/=",
        f"{HEADER}.gICA.c2ln",
    ],
)
def test_a_payload_that_is_no_compact_jwt_is_refused(accept: AcceptPush, queue: FakePushQueue, payload: str) -> None:
    with pytest.raises(InvalidFieldError) as refusal:
        accept("demo1m", FIELDS | {"payload": payload})

    assert (refusal.value.code, refusal.value.field) == ("invalid_payload", "payload")
    assert not queue.pushes


def test_exotels_part_of_a_push_fits_into_4096_bytes_or_is_refused(accept: AcceptPush, queue: FakePushQueue) -> None:
    fixed = f"{HEADER}.{HEADER}."
    keys = sum(map(len, ("subscriberName", "payload", "payloadVersion")))
    room = 4096 - keys - len("Bob") - len("2.0") - len(fixed)

    accept("demo1m", FIELDS | {"payload": fixed + "s" * room})
    with pytest.raises(TooLargeError) as refusal:
        accept("demo1m", FIELDS | {"payload": fixed + "s" * (room + 1)})

    assert refusal.value.field == "payload"
    assert len(queue.pushes) == 1


def test_a_deeply_nested_claim_set_is_refused_and_not_a_crash(accept: AcceptPush) -> None:
    nested = base64.urlsafe_b64encode(b"[" * 2400).decode().rstrip("=")

    with pytest.raises(InvalidFieldError):
        accept("demo1m", FIELDS | {"payload": f"{HEADER}.{nested}.c2ln"})
