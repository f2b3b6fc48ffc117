"""deliver_push against an FCM that takes 40 ms: how it spreads over devices, how many a second, how often OAuth."""

import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.handlers.orders import Order
from benchmarks.handlers.processes import HandlerError
from benchmarks.report.figures import Figures, Row
from benchmarks.surroundings.events import Event, as_of
from benchmarks.surroundings.push_stub import PushStub, push_stub
from benchmarks.surroundings.seeding import CALLEE, FAMILY, MANY, client
from benchmarks.surroundings.world import World

FUNCTION = "DeliverPushFunction"
NEW = ", each on a new connection"
BATCH = 10  # records that the queue hands over at once, at most
PUSHES, WARM = 25, 5
HOURS, STEP_SECONDS = 24, 300.0


def measure(world: World) -> Iterator[Figures]:
    """Yield the part `pushes`."""
    with push_stub(world.aws.certificate) as stub:
        single = world.events(FUNCTION, PUSHES + WARM)
        many = [as_of(event, FAMILY, CALLEE) for event in single]
        rows = _spread(world, stub, single, many, "")
        stub.closing = True
        rows |= _spread(world, stub, single, many, NEW)
        stub.closing = False
        rows[f"a batch of {BATCH}"] = _delivered(world, stub, batches(single), devices=1)
        rows["OAuth"] = _oauth(world, stub)
    yield {"pushes": rows}


def _spread(world: World, stub: PushStub, single: Sequence[Event], many: Sequence[Event], how: str) -> dict[str, Row]:
    """Return a row for one device and one for MANY; `how` ends their names."""
    one, ten = _delivered(world, stub, single, devices=1), _delivered(world, stub, many, devices=MANY)
    ten |= {"x_one_device": ten["push_ms"] / one["push_ms"]}
    return {f"1 device{how}": one, f"{MANY} devices{how}": ten}


def batches(events: Sequence[Event]) -> list[Event]:
    """Return each event with its record BATCH times over, each time as a push of its own."""
    return [{"Records": [_other(event["Records"][0], n) for n in range(BATCH)]} for event in events]


def _other(record: Event, number: int) -> Event:
    body = json.loads(record["body"])
    body["payload"] = f"{body['payload'][:-8]}{number:02}{body['payload'][-6:]}"
    return record | {"messageId": f"{record['messageId'][:-2]}{number:02}", "body": json.dumps(body)}


def _delivered(world: World, stub: PushStub, events: Sequence[Event], *, devices: int) -> Row:
    """Return the median time of an event, and messages a second; FCM must have taken every one."""
    before, count = stub.messages, len(events) - WARM
    said = _run(world, stub, Order(world.lines(events), WARM, count, count))
    messages = len(events[0]["Records"]) * devices
    if (got := stub.messages - before) != len(events) * messages:
        raise HandlerError(f"FCM got {got} messages instead of {len(events) * messages}")
    median = statistics.median(wall for _, wall in said["rounds"])
    return {"push_ms": median * 1000, "messages_a_second": messages / median}


def _oauth(world: World, stub: PushStub) -> Row:
    """Deliver a push every STEP_SECONDS for HOURS, on a clock that is moved on."""
    count, before = int(HOURS * 3600 / STEP_SECONDS), stub.tokens
    events = world.events(FUNCTION, count)
    for number, event in enumerate(events):
        body = json.loads(event["Records"][0]["body"])
        body["acceptedAt"] += int((number + 1) * STEP_SECONDS * 1000)
        event["Records"][0]["body"] = json.dumps(body)
    _run(world, stub, Order(world.lines(events), count, clock_step=STEP_SECONDS))
    fetches = stub.tokens - before
    later = fetches - 1  # the first one is INIT's, at the beginning of the first hour
    return {"hours": HOURS, "pushes": count, "fetches": fetches, "fetches_an_hour": later / HOURS}


def _run(world: World, stub: PushStub, order: Order) -> Mapping[str, Any]:
    with world.aws.copy(by_heart=True) as url:
        secrets = client(world, url, "secretsmanager")
        secrets.put_secret_value(SecretId=world.aws.references["PushSecret"], SecretString=json.dumps(stub.secret))
        return world.processes.run(world.function(FUNCTION), order, url).said
