"""Checks that Exotel and FCM accept our credentials, with requests that change nothing and ring no phone."""

import time
from collections.abc import Iterator
from contextlib import closing

from cli.configuration import Configuration
from cli.doctor.findings import Finding, fine, problem
from cli.secrets import SecretRead
from cli.subscribers.exotel_directory import ExotelDirectory
from switchboard.exotel.accounts import ExotelAccount
from switchboard.exotel.bounded_http import BoundedHttp
from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import SwitchboardError
from switchboard.pushes.fcm import FcmGateway
from switchboard.pushes.push import Delivery, Outcome

_PATIENCE_SECONDS = 10.0
_NEEDED = ("api_key", "api_token", "api_host", "sdk_host", "exophone")
_EXOTEL = {
    "exotel_credentials": "Copy the key and token from Exotel's dashboard (API settings): `switchboard setup`.",
    "exotel_voip_disabled": "Ask Exotel's support to enable VoIP on the account.",
    "exotel_rate_limited": "Wait a minute and run this again.",
    "exotel_timeout": "Run this again; if it stays so, ask Exotel's support.",
    "exotel_unavailable": "Check api_host (`switchboard setup`) and the network; then ask Exotel's support.",
    "exotel_bad_answer": "Check api_host: the server there is not the Subscriber API (`switchboard setup`).",
}
_FCM = {
    Outcome.CONFIGURATION_FAULT: "Enable the Firebase Cloud Messaging API (V1) in the project, create a new key for "
    "its service account, and run `switchboard setup --fcm FILE`.",
    Outcome.RETRY: "Google returned an unexpected answer: run this again, and see the Firebase status page.",
}


def exotel(configuration: Configuration) -> Iterator[Finding]:
    """List a page of each account's subscribers, which needs a valid key and VoIP enabled."""
    for sid in configuration.sids:
        entry = configuration.account(sid)
        if not all(entry.get(key) for key in _NEEDED):
            continue  # the check of secrets reports what is missing
        account = ExotelAccount(sid=sid, **{key: str(entry[key]).rstrip("/") for key in _NEEDED})
        with closing(BoundedHttp()) as http:
            yield _exotel(ExotelDirectory(http, time.time), account)


def _exotel(directory: ExotelDirectory, account: ExotelAccount) -> Finding:
    try:
        page = directory.page(account, 0, Deadline.after(_PATIENCE_SECONDS, time.monotonic))
    except SwitchboardError as error:
        return problem("exotel", account.sid, error.message, _EXOTEL.get(error.code, "Ask Exotel's support."))
    seen = f"the key is valid and VoIP enabled; {len(page.entries)} subscribers on the first page"
    return fine("exotel", account.sid, seen)


def fcm(configuration: Configuration) -> Iterator[Finding]:
    """Have FCM validate a message without delivering it."""
    gateway = FcmGateway(SecretRead(configuration.push), time.time)
    for sid, service_account in configuration.apps("fcm"):  # without any, the check of secrets reports it
        yield _fcm(gateway.validate(sid or ""), str(service_account.get("project_id", "")))


def _fcm(delivery: Delivery, project: str) -> Finding:
    if delivery.outcome is Outcome.ACCEPTED:
        return fine("fcm", project, "accepted a test message (validate_only)")
    fix = _FCM.get(delivery.outcome, "FCM refused our test message: report its answer as an issue.")
    return problem("fcm", project, delivery.reason, fix)
