"""Checks that the secrets are filled, with values of the right form."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cli import checks
from cli.configuration import Configuration, service_account_label
from cli.doctor.apns_checks import parts
from cli.doctor.findings import Finding, fine, note, problem
from cli.fields import FIELDS

_SHORTEST = 16  # characters; a shorter credential can be guessed
_MEND = "`switchboard setup` asks for what is missing and writes it."
_MADE = ("user", "password", "path")


def secrets(configuration: Configuration, *, on_this_machine: bool = False) -> Iterator[Finding]:
    """Check the three secrets that setup fills; the local stack may have public credentials."""
    if not configuration.sids:
        yield problem("secrets", "Exotel accounts", "none is set up", _MEND)
    for sid in configuration.sids:
        yield _account(configuration, sid)
        yield _webhooks(configuration.webhooks(sid), sid, 1 if on_this_machine else _SHORTEST)
    key = configuration.server_key
    if len(key) >= _SHORTEST:
        yield fine("secrets", "server key", f"{len(key)} characters")
    else:
        yield problem("secrets", "server key", "too short" if key else "empty", f"{_MEND} Or --rotate server-key.")
    apns = configuration.apps("apns")
    for _, account in configuration.apps("fcm") or [(None, {})]:
        yield _service_account(account, alone=not apns)
    yield from parts(configuration)


def _account(configuration: Configuration, sid: str) -> Finding:
    wrong = []
    for field in FIELDS:
        entry = configuration.webhooks(sid) if field.webhook else configuration.account(sid)
        value = str(entry.get(field.key, ""))
        if not value and not field.optional:
            wrong.append(f"{field.key} is empty")
        elif value and (fault := _fault(field.check, value)):
            wrong.append(f"{field.key}: {fault}")
    if wrong:
        return problem("secrets", f"Exotel account {sid}", "; ".join(wrong), _MEND)
    return fine("secrets", f"Exotel account {sid}", "filled and well-formed")


def _webhooks(entry: Mapping[str, str], sid: str, shortest: int) -> Finding:
    missing = [name for name in _MADE if not entry.get(name)]
    if missing:
        return problem("secrets", f"webhooks of {sid}", f"lacks {', '.join(missing)}", _MEND)
    weak = [name for name in _MADE[1:] if len(entry[name]) < shortest]
    if weak:
        return problem(
            "secrets", f"webhooks of {sid}", f"{', '.join(weak)} can be guessed", "--rotate webhooks in setup."
        )
    return fine("secrets", f"webhooks of {sid}", "filled")


def _service_account(account: Mapping[str, Any], *, alone: bool) -> Finding:
    if not account and not alone:
        return note(
            "secrets", "FCM service account", "empty, so no Android phone rings", "`switchboard setup --fcm FILE`."
        )
    if not account:
        return problem("secrets", "FCM service account", "empty, so no phone rings", "`switchboard setup --fcm FILE`.")
    try:
        checks.service_account_in(account, "the one in PushSecret")
    except ValueError as error:
        return problem("secrets", "FCM service account", str(error), "`switchboard setup --fcm FILE`.")
    return fine("secrets", "FCM service account", service_account_label(account))


def _fault(check: Callable[[str], str], value: str) -> str:
    try:
        check(value)
    except ValueError as error:
        return str(error)
    return ""
