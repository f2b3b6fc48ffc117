"""TimelineQueue, and the streams of CallContexts and Calls -> entries of calls, and the histories of their parties.

A stream never waits for a record that fails: the record is put into the queue with its content, and from there, after
five tries, into the dead-letter queue.
"""

from switchboard.runtime.warm import warm

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from switchboard.aws import clients as aws
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.foundation.errors import AwsError, MalformedRequestError
from switchboard.pushes.dead_letters import SqsDeadLetters
from switchboard.pushes.notify_missed_call import SETTLE_SECONDS, NotifyMissedCall, may_be_missed
from switchboard.pushes.queue import SqsPushQueue
from switchboard.runtime.log import logger, named
from switchboard.runtime.metrics import EVENT_DROPPED, emit
from switchboard.runtime.settings import load
from switchboard.subscribers.erased_users_dynamodb import DynamoErasedUsers
from switchboard.subscribers.generations_dynamodb import DynamoGenerations
from switchboard.timeline.context_stream import answers_in
from switchboard.timeline.dynamodb import DynamoTimelines
from switchboard.timeline.entries_dynamodb import DirectWriter, DynamoEntries
from switchboard.timeline.entry import Entry
from switchboard.timeline.event import Event
from switchboard.timeline.forget_erased import ForgetErased
from switchboard.timeline.histories_dynamodb import DynamoHistories
from switchboard.timeline.items import events_in, where
from switchboard.timeline.join_push import JoinPush
from switchboard.timeline.metrics import count_events
from switchboard.timeline.queue import EVENTS, MISSED, SqsTimelineQueue, message_of
from switchboard.timeline.store_events import StoreEvents
from switchboard.timeline.update_histories import Main, UpdateHistories, Where

CALLS = ThreadPoolExecutor(8, "call")  # at once; each call is some ten requests, one after the other
ROUNDS = 3  # over a batch, where users are deleted while it is processed
BATCH_SECONDS = 20.0  # of the function's 30: a thousand records may be of as many calls

type Call = tuple[str, str | None]  # account and id; None where the platform knows of no call
type Found = Mapping[Main, Sequence[Inserted]]  # what was inserted, by account and id


@dataclass(frozen=True)
class Settings:
    """The environment of RecordCallFunction."""

    calls_table: str
    call_contexts_table: str
    subscribers_table: str
    erasures_table: str
    timeline_queue_url: str
    dead_letter_queue_url: str
    push_queue_url: str
    ring_seconds: int
    call_retention_days: int
    missed_call_push: bool


@dataclass(frozen=True)
class Parts:
    """The use cases and the adapters for a record; without `notify_missed` no phone is told of missed calls."""

    store: StoreEvents
    update: UpdateHistories
    forget: ForgetErased
    erased: DynamoErasedUsers
    queue: SqsTimelineQueue
    dead_letters: SqsDeadLetters
    notify_missed: NotifyMissedCall | None


@dataclass(frozen=True)
class Inserted:
    """A record of the stream of Calls: where the entry stands, and its events."""

    number: str
    where: Where
    events: Sequence[Event]

    @property
    def entry(self) -> Entry:
        """The entry as it is stored."""
        return Entry(*self.where, self.events)


@cache
def build() -> Parts:
    """Wire the use cases to DynamoDB and SQS."""
    settings = load(Settings)
    sqs, dynamodb = aws.client("sqs"), aws.client("dynamodb")
    of_calls = (dynamodb, settings.calls_table, time.time, settings.call_retention_days)
    entries, queue = DynamoEntries(*of_calls), SqsTimelineQueue(sqs, settings.timeline_queue_url)
    erased = DynamoErasedUsers(
        dynamodb, settings.erasures_table, DynamoGenerations(dynamodb, settings.subscribers_table), time.time
    )
    histories = DynamoHistories(*of_calls, erased)
    answers = DynamoCallContexts(dynamodb, settings.call_contexts_table)
    timelines = DynamoTimelines(dynamodb, settings.calls_table, time.time)
    writer, pushes = DirectWriter(entries, lambda: queue), SqsPushQueue(sqs, settings.push_queue_url)
    return Parts(
        StoreEvents(entries, JoinPush(entries, answers, settings.ring_seconds * 1000)),
        UpdateHistories(histories),
        ForgetErased(erased, histories),
        erased,
        queue,
        SqsDeadLetters(sqs, settings.dead_letter_queue_url),
        NotifyMissedCall(timelines, writer, pushes, time.time) if settings.missed_call_push else None,
    )


def handler(event: dict[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """Process a batch; return the records that must be delivered again."""
    records = event["Records"]
    if records[0]["eventSource"] == "aws:sqs":
        failed = [record["messageId"] for record in records if not _done(record_message, record)]
    elif "source" in records[0]["dynamodb"].get("NewImage", {}):
        failed = record_entries(records)
    else:
        failed = [_number(record) for record in records if not _done(record_change, record)]
    if failed:
        logger.warning("coming back", extra={"records": len(failed), "of": len(records)})
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def record_message(record: Mapping[str, Any]) -> None:
    """Do what a message of the queue says. A message that cannot be read goes to the dead letters."""
    try:
        message = message_of(record["body"])
    except MalformedRequestError as fault:
        logger.error("rejected", extra={"message_id": record["messageId"], "reason": fault.message})
        build().dead_letters.put_body(record["body"], fault.message)
        return
    if message.task == EVENTS:
        build().store(message.events)
    elif message.task == MISSED:
        if notify := build().notify_missed:
            notify(message.events[0])
    else:
        again = Inserted("", _where(message.events[0]), message.events)
        refresh(again)
        if build().erased.renew():
            refresh(again)


def refresh(one: Inserted) -> None:
    """Update the histories of the call in which the entry belongs."""
    update(build().update.call_of(one.where) or (one.where[0], None), [one])


def record_change(record: Mapping[str, Any]) -> None:
    """Store Dial Whom's answers, if the change contains any."""
    events = answers_in(record["dynamodb"])
    if events and not _done(build().store, events):
        build().queue.put(events)


def record_entries(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """Bring the histories up to date, once for each call; return the records that must come again by the stream.

    These are the ones that neither DynamoDB nor the queue took, and those for which BATCH_SECONDS were not enough.
    """
    until = time.monotonic() + BATCH_SECONDS
    found = _by_id(_inserted(record) for record in records)
    count_events([event for group in found.values() for one in group for event in one.events], time.time() * 1000)
    failed: list[str] = []
    for _ in range(ROUNDS):
        back, found = _followed(found, until)
        failed += back
        try:
            if not found or not build().erased.renew():
                return failed
        except AwsError as fault:
            logger.warning("put off", extra={"fault": named(fault)})
            return failed + [one for group in found.values() for one in _queued(group)]
    return failed + [one.number for group in found.values() for one in group]


def _followed(found: Found, until: float) -> tuple[list[str], Found]:
    """Update the histories of the calls in which these entries belong.

    Return the records that must come again, and the entries that were followed: all but these and those in the queue.
    """
    calls: dict[Call, list[Inserted]] = {}
    failed: list[str] = []
    for group, located in zip(found.values(), CALLS.map(_located, found.values()), strict=True):
        if located is None:
            failed += _queued(group)
            continue
        for one in group:
            account, _, told_by = one.where
            calls.setdefault(located.get(told_by, (account, None)), []).append(one)
    followed: list[Inserted] = []
    for done, back in zip(calls.values(), CALLS.map(partial(_updated, until), calls.items()), strict=True):
        followed += done if back is None else []
        failed += back or []
    return failed, _by_id(followed)


def _by_id(inserted: Iterable[Inserted]) -> Found:
    found: dict[Main, list[Inserted]] = {}
    for one in inserted:
        found.setdefault(one.where[:2], []).append(one)
    return found


def update(call: Call, inserted: Sequence[Inserted]) -> None:
    """Update the histories of the call in which these entries belong, and have a missed one looked at.

    A user who was deleted is taken out of the entries, also where no call is known.
    """
    account, found = call
    opened = build().update(account, found, {one.where[2] for one in inserted}) if found else None
    build().forget(account, found, [one.entry for one in inserted])
    if opened is None:
        return
    if opened.dropped:
        emit({EVENT_DROPPED: opened.dropped})
    if build().notify_missed:
        for event in next(([e] for one in inserted for e in one.events if may_be_missed(e)), []):
            build().queue.missed(event, SETTLE_SECONDS)


def _located(group: Sequence[Inserted]) -> Mapping[str | None, Main] | None:
    """Return the call of entries under one id, for each teller who has one; None if it could not be looked up."""
    try:
        return build().update.calls_of(*group[0].where[:2], {one.where[2] for one in group})
    except Exception as fault:  # any: the record is put into the queue
        logger.warning("put off", extra={"fault": named(fault)})
        return None


def _updated(until: float, found: tuple[Call, Sequence[Inserted]]) -> Sequence[str] | None:
    """Update a call's histories and return None, or queue its records and return those that the stream must bring."""
    call, group = found
    if time.monotonic() >= until:
        return [one.number for one in group]
    return None if _done(partial(update, call), group) else _queued(group)


def _queued(group: Sequence[Inserted]) -> list[str]:
    """Queue records that failed; return those that must come again by the stream, because SQS fails as well."""
    return [one.number for one in group if not _done(build().queue.refresh, one.events)]


def _done(work: Callable[[Any], None], what: object) -> bool:
    """Return whether it was done; any fault is logged, because the other records do not wait for this one."""
    try:
        work(what)
    except Exception as fault:
        logger.warning("put off", extra={"fault": named(fault)})
        return False
    return True


def _where(event: Event) -> Where:
    return event.account, event.call, event.subscriber if event.of_an_app else None


def _inserted(record: Mapping[str, Any]) -> Inserted:
    image = record["dynamodb"]["NewImage"]
    return Inserted(_number(record), where(image), events_in(image))


def _number(record: Mapping[str, Any]) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


warm(build, lambda: build().erased.renew())  # noqa: PLW0108 it is made in there, not at import
