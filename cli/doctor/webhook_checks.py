"""Whether Exotel's URLs can be reached, with their credentials and only with them; and whether the clocks agree."""

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
DUE_SECONDS = 4.0  # Dial Whom's answer, by when the caller still waits (contract 7)
SKEW_SECONDS = 30.0  # AWS refuses signatures, and Google assertions, from 5 minutes on
_MEND = "`switchboard setup` prints the URLs; see the function's log."


@dataclass(frozen=True)
class _Trial:
    """A harmless request to a webhook, and the statuses that prove that it got through the gate."""

    method: str
    query: str
    proofs: tuple[int, ...]


_TRIALS = {
    # nobody has this caller's context: "no one", in text or in JSON, after the wait for a late one
    "dialtonumber": _Trial("GET", f"CallSid={DOCTOR}&CallFrom=sip:{DOCTOR}", (404, 200)),
    "pushtoclient": _Trial("POST", "", (400, 422)),  # there is nothing in it to push
    "callevents": _Trial("GET", "", (200,)),  # an event of no call is answered and dropped
}


def reach(configuration: Configuration, api_base: str) -> Iterator[Finding]:
    """Try each URL of each account in both forms, with right and with wrong credentials."""
    with httpx.Client(timeout=PATIENCE_SECONDS) as http:
        for sid in configuration.sids:
            entry = configuration.webhooks(sid)
            if not all(entry.get(key) for key in ("user", "password", "path")):
                continue  # told among the secrets
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
        return note("webhooks", name, seen, "Run this from an address in ExotelAddresses to try it for real.")
    if not all(status in trial.proofs for status in answers):
        return problem("webhooks", name, f"answers {answers[0]} by credentials, {answers[1]} by secret path", _MEND)
    if refusals != [401, 401]:
        return problem("webhooks", name, f"lets wrong credentials in: {refusals}", "Take it off the net, and tell us.")
    if took > DUE_SECONDS:
        return problem("webhooks", name, f"answers after {took:.1f} s", "See LateContextMs, HotStart and the log.")
    return fine("webhooks", name, f"reached by both URLs in {took:.1f} s, closed to wrong credentials")


def _status(http: httpx.Client, trial: _Trial, url: str) -> int:
    """Return the answer's status; credentials in the URL become Basic auth, as they do at Exotel."""
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
        yield note("clock", "skew", "the API told no time", "See what the webhooks say.")
        return
    off = ours - theirs
    seen = f"this machine is {abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} the API"
    if abs(off) > SKEW_SECONDS:
        yield problem("clock", "skew", seen, "Set this machine's clock by NTP; if it is right, tell AWS.")
    else:
        yield fine("clock", "skew", seen)
