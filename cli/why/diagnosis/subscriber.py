"""Why a subscriber cannot call or be called, from their profile, phones, logins and app, without a call."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from cli.why.diagnosis import app, phones
from cli.why.diagnosis.case import Case, Finding, Party, Severity, Side, said
from switchboard.timeline.event import Event

_LOGINS = {  # codes of vend_token's refusals, with their meaning and what to do
    "exotel_bad_name": "Exotel refused the name as malformed (400): letters and digits only, at most 16.",
    "exotel_credentials": "Exotel refused our API key and token (401): `switchboard setup`.",
    "exotel_voip_disabled": "VoIP is not enabled on the Exotel account (403): ask Exotel's support.",
    "exotel_rate_limited": "Exotel's rate limit is reached (429): let the apps send fewer requests.",
    "exotel_timeout": "Exotel does not answer in time: if it lasts, ask Exotel's support.",
    "exotel_unavailable": "Exotel does not answer: check api_host (`switchboard setup`), then ask Exotel's support.",
    "exotel_bad_answer": "The server there is not Exotel's API: check api_host (`switchboard setup`).",
    "not_configured": "A secret is empty: `switchboard setup`.",
}


@dataclass(frozen=True, slots=True)
class LoginRefusal:
    """Failed logins and token requests of an account with the same `code` of vend_token: number, first and last time.

    `fixed` is when one succeeded after them.
    """

    code: str
    times: int
    since: str
    until: str
    fixed: str | None = None


@dataclass(frozen=True, slots=True)
class SubscriberCase:
    """A subscriber without a call to explain. `reported` are their app's events without a call.

    `worked_at` is the last time (milliseconds) of an answered call or an issued token, which need a working SDK and
    token.
    """

    party: Party
    called: bool
    refusals: Sequence[LoginRefusal] = ()
    reported: Sequence[Event] = ()
    worked_at: int | None = None


def unknown(case: SubscriberCase) -> Iterator[Finding]:
    """There is no such subscriber."""
    if case.party.profile is None:
        yield Finding(
            "subscriber-unknown",
            Severity.PROBLEM,
            f"There is no subscriber {case.party.name}.",
            "no profile has that name (case matters), and no call, push or session has that id",
            "`switchboard subscribers list` shows who there is; `switchboard subscribers add` creates one.",
        )


def suspended(case: SubscriberCase) -> Iterator[Finding]:
    """The subscriber is suspended."""
    profile = case.party.profile
    if profile is not None and not profile.active:
        yield Finding(
            "subscriber-suspended",
            Severity.PROBLEM,
            f"{profile.name} is suspended: they cannot log in, and Dial Whom answers nobody for them.",
            f"status {profile.status}",
            f"`switchboard subscribers activate {profile.name}`.",
        )


def logins_refused(case: SubscriberCase) -> Iterator[Finding]:
    """Logins of the account were refused; without a token no app can call."""
    for refusal in case.refusals:
        since = f"; one succeeded at {refusal.fixed}" if refusal.fixed else ""
        yield Finding(
            "login-refused",
            Severity.HISTORY if refusal.fixed else Severity.PROBLEM,
            f"Logins or tokens of this account were refused: {refusal.code}.",
            f"{refusal.times} since {refusal.since}, the last at {refusal.until}{since}",
            _LOGINS.get(refusal.code, "See vend_token's log."),
        )


def app_complained(case: SubscriberCase) -> Iterator[Finding]:
    """Findings from the app's own events."""
    worked = case.worked_at or 0
    for over in (False, True):
        told = Case((), around=[event for event in case.reported if (event.at <= worked) is over])
        for rule in (app.library_not_initialised, app.token_refused, app.rate_limited):
            for found in rule(told, Side.CALLER):
                yield replace(found, severity=Severity.HISTORY) if over else found


def no_device(case: SubscriberCase) -> Iterator[Finding]:
    """The subscriber has no phone."""
    if case.party.profile is not None and not case.party.devices:
        yield Finding(
            "no-device",
            Severity.PROBLEM,
            f"{case.party.name} has no registered phone, so no push is sent.",
            "no device token is stored",
            "They must log in to the app, which POSTs S/devicetoken; those that FCM or APNs calls invalid are deleted.",
        )


def unreachable_devices(case: SubscriberCase) -> Iterator[Finding]:
    """Phones that get no push."""
    return phones.unreachable(case.party)


def dead_devices(case: SubscriberCase) -> Iterator[Finding]:
    """Phones that take pushes and confirm none."""
    return phones.probably_dead(case.party, case.party.callee.ringing)


def never_called(case: SubscriberCase) -> Iterator[Finding]:
    """No call of the subscriber is known."""
    if not case.called:
        yield Finding(
            "no-dial-whom",
            Severity.NOTE if case.party.profile is None else Severity.PROBLEM,
            f"No call of {case.party.name} is known: no Dial Whom request and no push arrived.",
            f"events of their app: {'; '.join(said(event) for event in case.reported) or 'nothing'}",
            "If they did call: the app must be logged in and dial the account's exophone, and the exophone's flow must "
            "call our Dial Whom URL; `switchboard doctor` tries it.",
        )


_RULES: Sequence[Callable[[SubscriberCase], Iterator[Finding]]] = (
    unknown,
    suspended,
    logins_refused,
    app_complained,
    no_device,
    unreachable_devices,
    dead_devices,
    never_called,
)


def diagnose_subscriber(case: SubscriberCase) -> Sequence[Finding]:
    """Return a subscriber's findings, in the order from creation to calls."""
    return [finding for rule in _RULES for finding in rule(case)]
