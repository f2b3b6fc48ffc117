"""Checks that Exotel's URLs work with their credentials and only with them, and that the clocks agree."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit, urlunsplit

import httpx

from cli.configuration import Configuration
from cli.doctor.findings import Finding, fine, note, problem
from cli.webhooks import DOCTOR, Webhook, webhooks

PATIENCE_SECONDS = 10.0
DUE_SECONDS = 4.0  # Dial Whom's longest time for an answer (contract 7)
SKEW_SECONDS = 30.0  # AWS refuses signatures, and Google assertions, from 5 minutes on
_MEND = "`switchboard setup` prints the URLs; see the function's log."


@dataclass(frozen=True)
class _Trial:
    """A request to a webhook that changes nothing, and the statuses that prove that the gate accepted it."""

    method: str
    query: str
    proofs: tuple[int, ...]


_TRIALS = {
    # this caller has no context: the answer is "no one", in text or JSON, after the wait for a late context
    "dialtonumber": _Trial("GET", f"CallSid={DOCTOR}&CallFrom=sip:{DOCTOR}", (404, 200)),
    "pushtoclient": _Trial("POST", "", (400, 422)),  # it holds no push
    "callevents": _Trial("GET", "", (200,)),  # an event of no call is answered and dropped
}


def reach(configuration: Configuration, api_base: str) -> Iterator[Finding]:
    """Request each URL of each account in both forms, with right and with wrong credentials."""
    with httpx.Client(timeout=PATIENCE_SECONDS) as http:
        for sid in configuration.sids:
            entry = configuration.webhooks(sid)
            if not all(entry.get(key) for key in ("user", "password", "path")):
                continue  # the check of secrets reports it
            wrong = {**entry, "password": "wrong", "path": "wrong"}
            for right, bad in zip(webhooks(api_base, sid, entry), webhooks(api_base, sid, wrong), strict=True):
                yield _tried(http, right, bad, sid)


def _tried(http: httpx.Client, right: Webhook, wrong: Webhook, sid: str) -> Finding:
    name, trial, began = f"{right.route} of {sid}", _TRIALS[right.route], time.monotonic()
    try:
        answers = [_status(http, trial, url) for url in (right.url, right.path_url)]
        took = (time.monotonic() - began) / 2
        refusals = [_status(http, trial, url) for url in (wrong.url, wrong.path_url)]
    except httpx.HTTPError as error:
        seen = f"no answer: {type(error).__name__}"
        return problem("webhooks", name, seen, "Check the stack's ApiBase, its domain's DNS entry, and the network.")
    if answers[0] == 403:
        seen = "refuses this machine's address, as ExotelAddresses says, so nothing more could be tried"
        return note("webhooks", name, seen, "Run this from an address in ExotelAddresses for a full check.")
    if not all(status in trial.proofs for status in answers):
        return problem("webhooks", name, f"answers {answers[0]} by credentials, {answers[1]} by secret path", _MEND)
    if refusals != [401, 401]:
        return problem(
            "webhooks",
            name,
            f"accepts wrong credentials: {refusals}",
            "Delete the route or the stack now, and report this as a security issue.",
        )
    if took > DUE_SECONDS:
        return problem("webhooks", name, f"answers after {took:.1f} s", "See LateContextMs, HotStart and the log.")
    return fine("webhooks", name, f"reached by both URLs in {took:.1f} s, refuses wrong credentials")


def _status(http: httpx.Client, trial: _Trial, url: str) -> int:
    """Return the answer's status; credentials in the URL become a Basic header, as at Exotel."""
    parts = urlsplit(url)
    content = b"{}" if trial.method == "POST" else None
    headers = {"Content-Type": "application/json"} if content else {}
    target = urlunsplit(parts._replace(query=trial.query))
    return http.request(trial.method, target, content=content, headers=headers).status_code


def clock(api_base: str) -> Iterator[Finding]:
    """Compare this machine's clock with that of the API: signatures and tokens depend on it."""
    try:
        before = time.time()
        answer = httpx.get(f"{api_base}/-", timeout=PATIENCE_SECONDS)
        ours = (before + time.time()) / 2
        theirs = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (httpx.HTTPError, KeyError, ValueError):
        yield note("clock", "skew", "the API sent no Date header", "See the findings about webhooks.")
        return
    off = ours - theirs
    seen = f"this machine is {abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} the API"
    if abs(off) > SKEW_SECONDS:
        yield problem("clock", "skew", seen, "Set this machine's clock by NTP; if it is right, ask AWS support.")
    else:
        yield fine("clock", "skew", seen)
