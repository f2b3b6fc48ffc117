"""A look for phones that are probably dead: push services accept their pushes, and their app confirms none any more."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from cli.aws import explained
from cli.doctor.findings import Finding, fine, note
from cli.target import Target
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.timeline.event import shown
from switchboard.timeline.find_silent import FindSilent
from switchboard.timeline.sent_pushes_dynamodb import DynamoSentPushes
from switchboard.timeline.silence import IN_A_ROW

MOST_USERS = 500  # of an account: a healthy one takes five requests
_AT_ONCE = 8
_NAMED = 10


def phones(target: Target) -> Iterator[Finding]:
    """Look at the phones of each account's first users, by name."""
    for sid in target.accounts:
        yield _account(target, sid)


def _account(target: Target, sid: str) -> Finding:
    client, table = target.client("dynamodb"), target.resource("SubscribersTable")
    devices = DynamoDevices(client, table)
    silent = FindSilent(DynamoSentPushes(client, target.resource("CallsTable"), time.time), time.time, time.monotonic)

    def dead(name: str) -> Sequence[str]:
        keys = silent(sid, name, devices.callee(sid, name).ringing)
        return [f"{name} {shown(key)}" for key in sorted(keys)]

    with explained(), ThreadPoolExecutor(_AT_ONCE) as executor:
        users = [one.name for one in islice(DynamoSubscribers(client, table).listed(sid), MOST_USERS + 1)]
        looked_at = users[:MOST_USERS]
        found = [phone for phones in executor.map(dead, looked_at) for phone in phones]
    of = f"{len(looked_at)} users" if len(users) <= MOST_USERS else f"the first {MOST_USERS} users"
    if not found:
        return fine("phones", sid, f"no phone of {of} is probably dead")
    named = ", ".join(found[:_NAMED]) + (", …" if len(found) > _NAMED else "")
    seen = f"{len(found)} of {of} took their last {IN_A_ROW} pushes and confirmed none: {named}"
    return note("phones", sid, seen, "`switchboard why NAME` says more: the app may be removed or force-stopped.")
