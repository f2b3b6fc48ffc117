"""Metrics of single routes, written after the response, in addition to those of web/http.py."""

import time

from switchboard.runtime import metrics
from switchboard.web.request import Request

_WRONG = ("wrong_credentials", "bad_id_token")


def count_dial_whom(request: Request) -> None:
    """Count the route to the answer, or the error code, and how long the caller has waited."""
    outcome = request.notes.get("found_by") or request.notes.get("code", "other")
    now = time.time()
    arrived = request.arrived_at(now)
    waits = [] if arrived is None else [round((now - arrived) * 1000, 1)]
    metrics.emit({metrics.DIAL_WHOM_OUTCOME: 1, metrics.DIAL_WHOM_WAIT: waits}, outcome=str(outcome))


def count_login(request: Request) -> None:
    """Count the outcome of a login or token request; a logout is not counted."""
    if request.route.endswith("/logout"):
        return
    outcome = str(request.notes.get("code", "issued"))
    counted = {metrics.TOKEN_OUTCOME: 1}
    if outcome in _WRONG:
        counted[metrics.LOGIN_FAILURE] = 1
    if outcome == "too_many_logins":
        counted[metrics.LOGIN_THROTTLED] = 1
    metrics.emit(counted, outcome=outcome)
