"""Accept the apps' reports of calls: SDK events, acknowledged pushes and feedback."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from switchboard.foundation.clock import Clock
from switchboard.foundation.errors import ForbiddenError, InvalidFieldError, NotFoundError
from switchboard.reports.feedback import Feedback
from switchboard.reports.sdk_reports import events_of
from switchboard.timeline.entry import MOST_IDS, named_ids
from switchboard.timeline.event import Event, Kind, of_app, shown
from switchboard.timeline.ports import Timelines, TimelineWriter
from switchboard.timeline.summary import summarise


@dataclass(frozen=True, slots=True)
class IngestEvents:
    """Writes down an app's reports under the app's user, who is believed once the platform names him as a party."""

    writer: TimelineWriter
    clock: Clock

    def report(self, account: str, name: str, reports: Sequence[Mapping[str, object]]) -> Sequence[Event]:
        """Write the reports down; return the events.

        Raises InvalidFieldError with the index, or for more than MOST_IDS different ids; UnavailableError.
        """
        now = int(self.clock() * 1000)
        events = [
            event for number, report in enumerate(reports) for event in self._events(account, name, number, report, now)
        ]
        if len(set(named_ids(events)) - {of_app(name)}) > MOST_IDS:
            reason = f"one request may name at most {MOST_IDS} different ids: send the events in several requests"
            raise InvalidFieldError("too_many_ids", reason, field="events")
        self.writer.put(events)
        return events

    def acknowledge(self, account: str, name: str, push_id: str, state: str, phone: str) -> None:
        """Write down that the push has reached the subscriber's app on `phone` (a phone_key), and what it does.

        Raises UnavailableError.
        """
        now = int(self.clock() * 1000)
        details = {"push_id": push_id, "state": state, "phone": shown(phone)}
        event = Event(account, push_id, Kind.PUSH_ACKNOWLEDGED, now, name, details)
        self.writer.put([event])

    def _events(self, account: str, name: str, number: int, report: Mapping[str, object], now: int) -> Sequence[Event]:
        try:
            return events_of(account, name, report, now)
        except InvalidFieldError as error:
            raise InvalidFieldError(error.code, error.message, field=f"events.{number}.{error.field}") from None


@dataclass(frozen=True, slots=True)
class GiveFeedback:
    """Stores a party's feedback; a party's newest feedback replaces earlier ones."""

    timelines: Timelines
    writer: TimelineWriter
    clock: Clock

    def __call__(self, account: str, name: str, call: str, feedback: Feedback, generation: int = 0) -> Event:
        """Return the stored event: the party's earlier feedback if that was the same, else the new one.

        Raises NotFoundError for a call of which we have no Dial Whom request, push or Exotel event, ForbiddenError for
        a subscriber who is not a party of it, or was not in this `generation` (milliseconds).
        """
        known = self.timelines.read(account, call, name)
        summary = summarise(known)
        if summary.caller is None and summary.callee is None:
            raise NotFoundError("unknown_call", "there is no such call, or it is not stored yet", field="callId")
        if not summary.has_party(name) or (summary.started_at or 0) < generation:
            raise ForbiddenError("not_a_party", "only the two parties of a call may rate it")
        said = [event for event in known if event.kind is Kind.FEEDBACK and event.subscriber == name]
        if said and dict(said[-1].details) == feedback.details:
            return said[-1]
        at = max([int(self.clock() * 1000), *(event.at + 1 for event in said)])
        event = Event(account, call, Kind.FEEDBACK, at, name, feedback.details)
        self.writer.put([event])
        return event
