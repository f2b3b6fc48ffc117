"""A deployment's records of one Exotel account: calls, subscribers, dead letters and refused logins."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cli import time_formats
from cli.aws import explained
from cli.dlq.messages import look
from cli.dlq.queues import dead_letter_queues
from cli.target import Target
from cli.why.diagnosis.case import Case, Party
from cli.why.diagnosis.subscriber import LoginRefusal, SubscriberCase
from cli.why.logins import granted, refusals
from cli.why.redaction import redacted
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.timeline.dynamodb import DynamoTimelines
from switchboard.timeline.event import Event, Kind, of_app
from switchboard.timeline.find_silent import FindSilent
from switchboard.timeline.outcome import CallOutcome
from switchboard.timeline.sent_pushes_dynamodb import DynamoSentPushes
from switchboard.timeline.summary import summarise

_OTHER_CALLS = 10
_MOST_DEAD_LETTERS = 1000
_BEFORE_MS, _AFTER_MS = 10 * 60_000, 2 * 60_000  # the time around a call in which the apps' events without a call count
_DAY_MS = 86_400_000
_LONGEST_RINGING_MS = 60_000
_TELLING = (Kind.PUSH_SENT, Kind.PUSH_ACKNOWLEDGED, Kind.SDK_CALLBACK, Kind.SDK_CDR)


@dataclass(frozen=True)
class Records:
    """Reads the records of the account `sid`. Every method may raise OperatorError."""

    target: Target
    sid: str

    def events(self, call: str) -> Sequence[Event]:
        """Return the events of a call by its CallSid, a pushId or a session id, in order, without secrets."""
        with explained():
            return [redacted(event) for event in self._timelines.read(self.sid, call)]

    def newest(self, name: str, limit: int) -> Sequence[str]:
        """Return the ids of a subscriber's calls, the newest first."""
        with explained():
            return [call["id"] for call in self._timelines.calls_of(self.sid, name, limit).calls]

    def case(self, events: Sequence[Event]) -> Case:
        """Return the call with all records that help to explain it."""
        summary = Case(events).summary
        caller, callee = summary.caller, summary.callee
        others = self._other_calls(callee, events) if callee else ()
        later = [summarise(call) for call in (*others, *(self._other_calls(caller, events) if caller else ()))]
        return Case(
            events,
            callee=self._party(callee) if callee else None,
            around=[event for name in (caller, callee) if name for event in self._around(name, events)],
            earlier=[event for call in others for event in call if event.kind in _TELLING and event.at <= events[0].at],
            later=[call for call in later if (call.started_at or 0) > events[0].at],
            dead_letters=self._dead_letters(summary.push_ids),
            loose_pushes=_loose([event for call in others for event in call], caller, events),
            written=time_formats.here,
        )

    def subscriber_case(self, name: str) -> SubscriberCase:
        """Return a subscriber's records apart from a call."""
        now = int(time.time() * 1000)
        reported = [event for event in self.events(of_app(name)) if event.at >= now - _DAY_MS]
        calls = [summarise(self.events(call)) for call in self.newest(name, _OTHER_CALLS)]
        answered = [call.started_at or 0 for call in calls if call.outcome is CallOutcome.ANSWERED]
        token = self._granted(name, max(event.at for event in reported)) if reported else 0
        worked = max([*answered, token or 0], default=0)
        return SubscriberCase(self._party(name), bool(calls), self.refused_logins(), reported, worked or None)

    def refused_logins(self) -> Sequence[LoginRefusal]:
        """Return the account's failed logins of the last hour."""
        return refusals(self.target.client("logs"), self._log, self.sid, time.time())

    def _granted(self, name: str, since: int) -> int | None:
        return granted(self.target.client("logs"), self._log, self.sid, since, name)

    @property
    def _log(self) -> str:
        return self.target.resource("VendTokenLogGroup")

    def _party(self, name: str) -> Party:
        """Return the subscriber, who is read once for all calls."""
        known = self._parties.get(name)
        if known is None:
            known = self._parties[name] = self._read_party(name)
        return known

    def _read_party(self, name: str) -> Party:
        with explained():
            party = Party(name, self._subscribers.find(self.sid, name), self._devices.of(self.sid, name))
            return replace(party, dead=self._silent(self.sid, name, party.callee.ringing))

    def _around(self, name: str, events: Sequence[Event]) -> Sequence[Event]:
        begin, end = events[0].at - _BEFORE_MS, events[-1].at + _AFTER_MS
        return [event for event in self.events(of_app(name)) if begin <= event.at <= end]

    def _other_calls(self, name: str, events: Sequence[Event]) -> Sequence[Sequence[Event]]:
        ids = {summarise(events).call_sid, *(event.call for event in events)}
        return [self.events(call) for call in self.newest(name, _OTHER_CALLS) if call not in ids]

    def _dead_letters(self, push_ids: Sequence[str]) -> Mapping[str, str]:
        return {push_id: self._all_dead_letters[push_id] for push_id in push_ids if push_id in self._all_dead_letters}

    @cached_property
    def _all_dead_letters(self) -> Mapping[str, str]:
        """Reasons of dead-lettered pushes by push id; read once for all calls."""
        (queue,) = dead_letter_queues(self.target.resources, "PushDeadLetterQueue")
        with explained():
            found = look(self.target.client("sqs"), queue, _MOST_DEAD_LETTERS)
        return {one.shown["push_id"]: one.reason for one in found if "push_id" in one.shown}

    @cached_property
    def _timelines(self) -> DynamoTimelines:
        return DynamoTimelines(self.target.client("dynamodb"), self.target.resource("CallsTable"), time.time)

    @cached_property
    def _parties(self) -> dict[str, Party]:
        return {}

    @cached_property
    def _silent(self) -> FindSilent:
        client, table = self.target.client("dynamodb"), self.target.resource("CallsTable")
        return FindSilent(DynamoSentPushes(client, table, time.time), time.time, time.monotonic)

    @cached_property
    def _subscribers(self) -> DynamoSubscribers:
        return DynamoSubscribers(self.target.client("dynamodb"), self.target.resource("SubscribersTable"))

    @cached_property
    def _devices(self) -> DynamoDevices:
        return DynamoDevices(self.target.client("dynamodb"), self.target.resource("SubscribersTable"))


def _loose(others: Sequence[Event], caller: str | None, events: Sequence[Event]) -> Sequence[str]:
    """Return the ids of pushes that fit this call and another one."""
    alone = {
        event.call
        for event in others
        if event.kind is Kind.PUSH_CORRELATION and event.details.get("correlation") == "ambiguous"
    }
    began = events[0].at
    return [
        event.call
        for event in others
        if event.kind is Kind.PUSH_ACCEPTED
        and event.call in alone
        and event.details.get("caller") == caller
        and began <= event.at <= began + _LONGEST_RINGING_MS
    ]
