"""All rules about a call, in the order of its steps, with the party whose later call proves a cause fixed."""

from collections.abc import Callable, Iterator, Sequence

from cli.why.diagnosis import app, contexts, dialling, phones, pushing, refused, ringing
from cli.why.diagnosis.case import Case, Finding, Side
from cli.why.diagnosis.history import graded

type _Rule = Callable[[Case], Iterator[Finding]]

RULES: Sequence[tuple[Side, Sequence[_Rule]]] = (
    (
        Side.CALLER,
        (
            # before Exotel receives the call: the caller's app
            app.on(Side.CALLER, app.library_not_initialised),
            app.on(Side.CALLER, app.token_refused),
            app.on(Side.CALLER, app.rate_limited),
            # Dial Whom
            dialling.no_dial_whom,
            contexts.context_missing,
            contexts.context_late,
            contexts.context_used,
            contexts.context_refused,
            contexts.context_waited_for,
            dialling.callee_suspended,
            dialling.nobody_to_dial,
        ),
    ),
    (
        Side.CALLEE,
        (
            # Exotel's push
            pushing.no_push,
            pushing.push_of_no_known_call,
            phones.callee_unknown,
            phones.suspended,
            phones.no_device,
            pushing.unsupported_token,
            refused.push_refused,
            pushing.too_late,
            pushing.dead_letter,
            pushing.slow,
            # the callee's app
            phones.dead_of_call,
            ringing.not_acknowledged,
            app.on(Side.CALLEE, app.library_not_initialised),
            ringing.not_relayed,
            app.on(Side.CALLEE, app.rate_limited),
            app.on(Side.CALLEE, app.token_refused),
            # how it ended
            ringing.not_answered,
            app.other_errors,
            app.logs_not_uploaded,
            app.bad_rating,
        ),
    ),
)


def diagnose(case: Case) -> Sequence[Finding]:
    """Return all findings in the order of a call's steps: at the first problem the call stopped."""
    return [graded(case, side, found) for side, rules in RULES for rule in rules for found in rule(case)]
