"""What is counted of a request once it is answered, beside what edge/http.py counts of every one."""

import time

from switchboard.edge import metrics
from switchboard.edge.request import Request

OLDEST_ARRIVAL_SECONDS = 10.0  # an event older than that is a recorded one, replayed
_WRONG = ("wrong_credentials", "bad_id_token")


def count_dial_whom(request: Request) -> None:
    """Count where the answer came from, or why there was none, and how long the caller has waited for it."""
    outcome = request.notes.get("found_by") or request.notes.get("code", "other")
    metrics.emit({metrics.DIAL_WHOM_OUTCOME: 1}, outcome=str(outcome))
    waited = time.time() - request.arrived_at
    if 0 <= waited < OLDEST_ARRIVAL_SECONDS:
        metrics.emit({metrics.DIAL_WHOM_WAIT: waited * 1000})


def count_login(request: Request) -> None:
    """Count what became of a login or a request for a token; logging out is neither."""
    if request.route.endswith("/logout"):
        return
    outcome = str(request.notes.get("code", "issued"))
    metrics.emit({metrics.TOKEN_OUTCOME: 1}, outcome=outcome)
    if outcome in _WRONG:
        metrics.emit({metrics.LOGIN_FAILURE: 1})
    if outcome == "too_many_logins":
        metrics.emit({metrics.LOGIN_THROTTLED: 1})
