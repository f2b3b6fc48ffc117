"""From Exotel's push to the push service: what can go wrong, apart from refusals of the push service."""

from collections.abc import Iterator

from cli.why.diagnosis.case import Case, Finding, Severity, said, seconds, text
from switchboard.timeline.correlation import Correlation
from switchboard.timeline.event import Event, Kind

SLOW_MS = 3000  # from Exotel's push to the push service; a phone rings 30 s by default


def no_push(case: Case) -> Iterator[Finding]:
    """Dial Whom named a callee, and Exotel sent no push."""
    asked = case.dial_whom
    if asked is None or not asked.details.get("callee") or case.of(Kind.PUSH_ACCEPTED) or case.known_to_callees_sdk:
        return
    if case.loose_pushes:
        yield _loose(case)
        return
    yield Finding(
        "no-push",
        Severity.NOTE if case.answered else Severity.PROBLEM,
        f"Dial Whom named {text(asked, 'callee')}, but Exotel sent no push for the call.",
        f"Dial Whom answered {text(asked, 'callee')} ({text(asked, 'route')}), and nothing after that is known",
        "Check the push URL in Exotel's VoIP settings, credentials included (`switchboard setup` prints it, "
        "`switchboard doctor` tries it), and that Exotel knows the callee: `switchboard subscribers list`.",
    )


def _loose(case: Case) -> Finding:
    return Finding(
        "push-loose",
        Severity.NOTE,
        "A push fits this call and another one, since the caller dialled again while it rang.",
        f"pushes that stand alone: {', '.join(case.loose_pushes)}",
        f"Show it with `switchboard why {case.loose_pushes[0]}`.",
    )


def push_of_no_known_call(case: Case) -> Iterator[Finding]:
    """The push joined no call: it fits none, or more than one."""
    if case.dial_whom is not None or not case.of(Kind.PUSH_ACCEPTED):
        return
    two = case.summary.correlation is Correlation.AMBIGUOUS
    yield Finding(
        "push-ambiguous" if two else "push-unmatched",
        Severity.NOTE,
        "The push fits two calls, so it was joined to neither."
        if two
        else "No Dial Whom request is known for this push.",
        said(case.of(Kind.PUSH_ACCEPTED)[0]),
        "Look at the caller's calls at that time: `switchboard why CALLER`."
        if two
        else "If the flow finds the callee without Dial Whom, that is fine; else check the Connect applet's URL.",
    )


def unsupported_token(case: Case) -> Iterator[Finding]:
    """The token is of a push service that is not set up."""
    for sent in _of(case, Kind.PUSH_SENT, "unsupported-token"):
        yield Finding(
            "unsupported-token",
            Severity.NOTE if case.accepted else Severity.PROBLEM,
            "The phone's token is of a push service that is not set up.",
            said(sent),
            "`switchboard setup --apns FILE …` for iPhones with APNs tokens, `--fcm FILE` for FCM's.",
        )


def too_late(case: Case) -> Iterator[Finding]:
    """The ring time ended while the push was in the queue, or between two tries."""
    settled = _of(case, Kind.PUSH_SENT, "accepted", "rejected", "configuration-fault")
    stale_ones = () if settled else _of(case, Kind.PUSH_ENDED, "stale")  # else a redrive made it late
    for event in (*stale_ones, *_of(case, Kind.PUSH_ENDED, "too-late"), *_of(case, Kind.PUSH_SENT, "too-late")):
        pushed = case.of(Kind.PUSH_ACCEPTED)
        after = f"{seconds(event.at - pushed[0].at)} after Exotel's push" if pushed else "after the ring time"
        stale = event in stale_ones
        yield Finding(
            "push-stale" if stale else "push-too-late",
            Severity.PROBLEM,
            "The push waited in the queue for longer than a phone rings, so it was dropped."
            if stale
            else "The next try of the push would have come after the ring time.",
            f"given up {after}: {said(event)}",
            "Look for throttled functions (Lambda's concurrent executions) and at LatePushesAlarm."
            if stale
            else "Other findings show earlier refusals; else search for the push's id in deliver_push's log.",
        )


def dead_letter(case: Case) -> Iterator[Finding]:
    """The push is a dead letter."""
    for push_id, reason in case.dead_letters.items():
        yield Finding(
            "dead-letter",
            Severity.PROBLEM,
            "The push is in the dead-letter queue.",
            f"push {push_id}: {reason or 'no reason: the function crashed or timed out each time'}",
            "Fix the cause (`switchboard dlq show`), then delete it: `switchboard dlq purge --queue push`.",
        )


def slow(case: Case) -> Iterator[Finding]:
    """The push service accepted the push, but late."""
    for sent in case.accepted:
        latency = sent.details.get("latency_ms")
        if isinstance(latency, int) and latency >= SLOW_MS:
            yield Finding(
                "push-slow",
                Severity.NOTE,
                f"It took {seconds(latency)} from Exotel's push until the push service accepted it.",
                said(sent),
                "One cold start is usual after a quiet time. If it is often slow, see HotStart and its status page.",
            )


def _of(case: Case, kind: Kind, *outcomes: str) -> list[Event]:
    return [event for event in case.of(kind) if event.details.get("outcome") in outcomes]
