"""Why a subscriber cannot call or be called, told without any call: from their profile, phones, logins and app."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from cli.why.diagnosis import app, phones
from cli.why.diagnosis.case import Case, Finding, Party, Severity, Side, said
from switchboard.timeline.event import Event

_LOGINS = {  # the codes of vend_token's refusals: what they mean for the apps, and what to do
    "exotel_bad_name": "Exotel calls the name malformed (400): letters and digits only, at most 16.",
    "exotel_credentials": "Exotel refused our API key and token (401): `switchboard setup`.",
    "exotel_voip_disabled": "VoIP is not enabled on the Exotel account (403): ask Exotel's support.",
    "exotel_rate_limited": "Exotel's rate limit is reached (429): have the apps ask less often.",
    "exotel_timeout": "Exotel does not answer in time: if it lasts, ask Exotel's support.",
    "exotel_unavailable": "Exotel does not answer: check api_host (`switchboard setup`), then ask Exotel's support.",
    "exotel_bad_answer": "Something else than Exotel's API answers: check api_host (`switchboard setup`).",
    "not_configured": "A secret is empty: `switchboard setup`.",
}


@dataclass(frozen=True, slots=True)
class LoginRefusal:
    """Logins and token requests of an account that failed alike: vend_token's `code`, how many, when first and last.

    `fixed` is when one succeeded after them.
    """

    code: str
    times: int
    since: str
    until: str
    fixed: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A subscriber without a call to look at. `reported` is what their app told of no call.

    `worked_at` is when their app last did what needs a working SDK and token: a call that was answered, or a token that
    was given out (milliseconds).
    """

    party: Party
    called: bool
    refusals: Sequence[LoginRefusal] = ()
    reported: Sequence[Event] = ()
    worked_at: int | None = None


def unknown(standing: Standing) -> Iterator[Finding]:
    """There is no such subscriber."""
    if standing.party.profile is None:
        yield Finding(
            "subscriber-unknown",
            Severity.PROBLEM,
            f"There is no subscriber {standing.party.name}.",
            "no profile has that name, whose case counts; nor has a call, a push or a session",
            "`switchboard subscribers list` shows who there is; `switchboard subscribers add` creates one.",
        )


def suspended(standing: Standing) -> Iterator[Finding]:
    """They may neither log in nor be called."""
    profile = standing.party.profile
    if profile is not None and not profile.active:
        yield Finding(
            "subscriber-suspended",
            Severity.PROBLEM,
            f"{profile.name} is suspended: they cannot log in, and Dial Whom answers nobody for them.",
            f"status {profile.status}",
            f"`switchboard subscribers activate {profile.name}`.",
        )


def logins_refused(standing: Standing) -> Iterator[Finding]:
    """Without a token no app can call."""
    for refusal in standing.refusals:
        since = f"; one succeeded at {refusal.fixed}" if refusal.fixed else ""
        yield Finding(
            "login-refused",
            Severity.HISTORY if refusal.fixed else Severity.PROBLEM,
            f"Logins or tokens of this account were refused: {refusal.code}.",
            f"{refusal.times} since {refusal.since}, the last at {refusal.until}{since}",
            _LOGINS.get(refusal.code, "See vend_token's log."),
        )


def app_complained(standing: Standing) -> Iterator[Finding]:
    """What the app's SDK told of itself."""
    worked = standing.worked_at or 0
    for over in (False, True):
        case = Case((), around=[event for event in standing.reported if (event.at <= worked) is over])
        for rule in (app.library_not_initialised, app.token_refused, app.rate_limited):
            for found in rule(case, Side.CALLER):
                yield replace(found, severity=Severity.HISTORY) if over else found


def no_device(standing: Standing) -> Iterator[Finding]:
    """Nothing to ring on."""
    if standing.party.profile is not None and not standing.party.devices:
        yield Finding(
            "no-device",
            Severity.PROBLEM,
            f"{standing.party.name} has no registered phone, so nothing rings.",
            "no device token is stored",
            "They must log in to the app, which then POSTs S/devicetoken; tokens that FCM calls dead are forgotten.",
        )


def unreachable_devices(standing: Standing) -> Iterator[Finding]:
    """Phones that no push is sent to."""
    return phones.unreachable(standing.party)


def never_called(standing: Standing) -> Iterator[Finding]:
    """No call of theirs ever reached us."""
    if not standing.called:
        yield Finding(
            "no-dial-whom",
            Severity.NOTE if standing.party.profile is None else Severity.PROBLEM,
            f"No call of {standing.party.name} is known: no Dial Whom request and no push ever came.",
            f"what their app told: {'; '.join(said(event) for event in standing.reported) or 'nothing'}",
            "If they did call: the app must be logged in and dial the account's exophone, and the exophone's flow must "
            "ask our Dial Whom URL; `switchboard doctor` tries it.",
        )


_RULES: Sequence[Callable[[Standing], Iterator[Finding]]] = (
    unknown,
    suspended,
    logins_refused,
    app_complained,
    no_device,
    unreachable_devices,
    never_called,
)


def diagnose_subscriber(standing: Standing) -> Sequence[Finding]:
    """Return what stands in the way of a subscriber, in the order from being created to being called."""
    return [finding for rule in _RULES for finding in rule(standing)]
