"""Checks that Apple accepts the APNs apps, by sending to a made-up token: no phone gets anything."""

import time
from collections.abc import Iterator

from cli.apns_fields import faults, label
from cli.configuration import Configuration
from cli.doctor.findings import Finding, fine, note, problem
from cli.secrets import SecretRead
from switchboard.pushes.apns import ApnsGateway
from switchboard.pushes.push import Delivery
from switchboard.subscribers.subscriber import Environment

_SETUP = "`switchboard setup --apns FILE --apns-team-id … --apns-bundle-id …`"
_GOOD = "BadDeviceToken"  # Apple took the key and the topic, and only does not know the token
_TOPIC = ("TopicDisallowed", "BadTopic", "DeviceTokenNotForTopic")
_NO_ANSWER = (
    "Run this again, and check that this machine reaches Apple (port 443); Apple's system status page has outages."
)


def parts(configuration: Configuration) -> Iterator[Finding]:
    """Check the form of each app, of which there may be none."""
    for sid, app in configuration.apps("apns"):
        name = "APNs app" if sid is None else f"APNs app of {sid}"
        wrong = faults(app)
        if wrong:
            yield problem("secrets", name, "; ".join(f"{part}: {fault}" for part, fault in wrong.items()), f"{_SETUP}.")
        else:
            yield fine("secrets", name, label(app))


def apns(configuration: Configuration) -> Iterator[Finding]:
    """Send to both environments of each app."""
    gateway = ApnsGateway(SecretRead(configuration.push), time.time)
    for sid, app in configuration.apps("apns"):
        if not faults(app):
            found = [(host, gateway.validate(sid or "", host)) for host in Environment]
            for host, delivery in found:
                yield _finding(f"{app['bundle_id']}, {host}", delivery, [other for _, other in found])


def _finding(name: str, delivery: Delivery | None, all_hosts: list[Delivery | None]) -> Finding:
    reason = delivery.reason if delivery else ""
    if _GOOD in reason:
        return fine("apns", name, "accepts the key and the topic (sent to a made-up token)")
    if "BadEnvironmentKeyIdInToken" in reason and any(other and _GOOD in other.reason for other in all_hosts):
        return note("apns", name, "the key is for the other environment only", f"A key for both: {_SETUP}.")
    if any(word in reason for word in _TOPIC):
        return problem(
            "apns", name, reason, f"The bundle id is not one of this key's team, or not allowed for it: {_SETUP}."
        )
    if "ExpiredProviderToken" in reason:
        return problem("apns", name, reason, "This machine's clock is wrong: set it, and run this again.")
    if reason.startswith(("403", "429")):
        return problem("apns", name, reason, f"Key, key id and team id must belong together: {_SETUP}.")
    return problem("apns", name, reason or "no answer", _NO_ANSWER)
