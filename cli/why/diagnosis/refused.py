"""The push services' refusals: for which phone, since when, and their meaning (contract 6)."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cli.why.diagnosis.case import Case, Finding, Severity, text
from switchboard.timeline.event import Event, Kind

_REFUSED = ("dead-token", "disabled", "retry", "rejected", "configuration-fault", "too-late")


class _Meaning(NamedTuple):
    """The meaning of a reason that matches `pattern`; the first match counts."""

    pattern: str
    code: str
    what: str
    fix: str


_MEANINGS = (
    _Meaning(
        r"Unregistered|ExpiredToken|BadDeviceToken",
        "apns-unregistered",
        "APNs does not know the iPhone's token any more: the app was removed, or restored onto another phone.",
        "The app must register its new token: it does when the user opens it and logs in.",
    ),
    _Meaning(
        r"DeviceTokenNotForTopic|TopicDisallowed",
        "apns-topic",
        "The iPhone's token belongs to another app, or is of another kind than the app said.",
        "The app's bundle id and PushSecret's must be the same (`switchboard doctor`), and tokenType must be apns-voip "
        "for PushKit's token, apns for the other.",
    ),
    _Meaning(
        r"ProviderToken|KeyIdInToken|^403 Forbidden|APNs key",
        "apns-credentials",
        "Apple refused our APNs key, so no iPhone could be reached by APNs.",
        "`switchboard doctor` tells what is wrong; set a new key with `switchboard setup --apns FILE`.",
    ),
    _Meaning(
        r"TooManyRequests",
        "apns-rate-limit",
        "APNs got too many pushes for this iPhone in a short time.",
        "Find what calls it so often: `switchboard report`.",
    ),
    _Meaning(
        r"^5\d\d (APNs|InternalServerError|ServiceUnavailable|Shutdown|IdleTimeout)",
        "apns-down",
        "APNs failed.",
        "A temporary fault at Apple: see Apple's system status page.",
    ),
    _Meaning(
        r"^APNs \w+(Timeout|Error)",
        "apns-no-answer",
        "APNs did not answer in time.",
        "If it happens often, see Apple's system status page, and check that the functions reach the internet.",
    ),
    _Meaning(
        r"^4\d\d (APNs|[A-Z][a-z]+[A-Z]\w+)",
        "apns-message-refused",
        "APNs refused the message itself; the push is in the dead-letter queue.",
        "Check the payload that Exotel sends (`switchboard dlq show`). If it is right, report an issue.",
    ),
    _Meaning(
        r"UNREGISTERED",
        "fcm-unregistered",
        "FCM reports that the app is no longer on that phone, so its token was deleted.",
        "The app must register its new token: it does when the user opens it and logs in.",
    ),
    _Meaning(
        r"400 .*message\.token",
        "fcm-bad-token",
        "FCM does not know the phone's token, so it was deleted.",
        "Check what the app sends to S/devicetoken: it must be Firebase Messaging's token, complete and unchanged.",
    ),
    _Meaning(
        r"SENDER_ID_MISMATCH",
        "fcm-sender-mismatch",
        "The phone's token belongs to another Firebase project, so it was disabled.",
        "The app's google-services file and PushSecret must name one project: `switchboard setup --fcm FILE`.",
    ),
    _Meaning(
        r"THIRD_PARTY_AUTH_ERROR",
        "fcm-apns-auth",
        "Firebase could not log in to APNs for this iPhone.",
        "Upload a valid APNs key for the app in the Firebase console (project settings, Cloud Messaging).",
    ),
    _Meaning(
        r"OAuth (200|429|5\d\d)",
        "fcm-oauth-down",
        "Google's OAuth server returned no access token, so nothing could be sent to FCM.",
        "A temporary fault at Google: see the Google Cloud status page.",
    ),
    _Meaning(
        r"OAuth|service account|PushSecret",
        "fcm-credentials",
        "Google refused our service account, so nothing could be sent to FCM.",
        "Create a new key in the Firebase console and run `switchboard setup --fcm FILE`; then `switchboard doctor`.",
    ),
    _Meaning(
        r"^(401|403|404)\b",
        "fcm-forbidden",
        "FCM refused our service account for this project.",
        "Enable the Firebase Cloud Messaging API (V1) in the project and give the account its role; "
        "`switchboard doctor` tries it.",
    ),
    _Meaning(
        r"^429|QUOTA_EXCEEDED",
        "fcm-rate-limit",
        "FCM's rate limit is reached, for the project or for this phone.",
        "Ask Google for a higher quota, or find what sends so much: `switchboard report`.",
    ),
    _Meaning(
        r"^5\d\d",
        "fcm-down",
        "FCM failed.",
        "A temporary fault at Google: see the Firebase status page.",
    ),
    _Meaning(
        r"Timeout|ConnectionError|SSLError|ProxyError|ChunkedEncodingError",
        "fcm-no-answer",
        "FCM did not answer in time.",
        "If it happens often, see the Firebase status page, and check that the functions reach the internet.",
    ),
    _Meaning(
        r"^400",
        "fcm-message-refused",
        "FCM refused the message itself; the push is in the dead-letter queue.",
        "Check the payload that Exotel sends (`switchboard dlq show`). If it is right, report an issue.",
    ),
    _Meaning(
        r"",
        "push-failed",
        "One of Switchboard's own resources failed when the push was sent.",
        "Search for the push's id in deliver_push's log.",
    ),
)


def push_refused(case: Case) -> Iterator[Finding]:
    """A finding for each phone that a push did not reach at once: the reason, how often, since when."""
    phones: dict[str, list[Event]] = {}
    for event in case.of(Kind.PUSH_SENT):
        phones.setdefault(text(event, "device"), []).append(event)
    for device, sent in phones.items():
        took = [event for event in sent if event.details.get("outcome") == "accepted"]
        reasons = dict.fromkeys(text(event, "reason") for event in sent if event.details.get("outcome") in _REFUSED)
        for reason in reasons:
            refusals = [event for event in sent if text(event, "reason") == reason and event not in took]
            yield _finding(case, device, refusals, took)


def _finding(case: Case, device: str, refusals: Sequence[Event], took: Sequence[Event]) -> Finding:
    reason = text(refusals[0], "reason")
    meaning = next(one for one in _MEANINGS if re.search(one.pattern, reason))
    phone = " ".join(filter(None, ("phone", device, text(refusals[0], "platform"))))
    since = _since(case, device, reason) or refusals[0].at
    times = "once" if len(refusals) == 1 else f"{len(refusals)} times"
    end = "a later try was accepted" if took else f"the last outcome is {text(refusals[-1], 'outcome')}"
    return Finding(
        meaning.code,
        Severity.NOTE if took else Severity.PROBLEM,
        meaning.what,
        f"{phone}: {reason or 'no reason given'}, {times}, since {case.written(since)}; {end}",
        meaning.fix,
    )


def _since(case: Case, device: str, reason: str) -> int | None:
    """Return when this refusal began: the first one after the phone's last accepted push, as far as is known."""
    since = None
    for event in sorted((*case.earlier, *case.events), key=lambda event: event.at):
        if event.kind is not Kind.PUSH_SENT or text(event, "device") != device:
            continue
        if event.details.get("outcome") == "accepted":
            if event not in case.events:
                since = None
        elif text(event, "reason") == reason and since is None:
            since = event.at
    return since
