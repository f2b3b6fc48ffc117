"""Send a push to all of a subscriber's phones in parallel, once to each, while the call rings."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from switchboard.foundation.clock import Clock
from switchboard.pushes.cancel import Cancel, Reason, cancel_of
from switchboard.pushes.find_recipients import FindRecipients
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.phones import Phone
from switchboard.pushes.ports import Cancels, DeadLetters, Deliveries, PushGateway
from switchboard.pushes.push import Attempt, Delivery, Outcome, Send
from switchboard.pushes.recipients import Recipients
from switchboard.pushes.settling import Settling
from switchboard.subscribers.ports import Devices
from switchboard.subscribers.subscriber import Device

LEASE_MS = 10_000  # the function's timeout: the invocation that holds the lease has ended by then
START_WITHIN_MS = 3_000  # a send that starts later than this could exceed the function's timeout
WEEK_MS = 7 * 24 * 3_600_000
MARK_TRIES = 2  # tries to store that a phone has the push: without the mark it could ring again
NOT_MARKED = "not marked"
_PERMANENT_FAULTS = (Outcome.REJECTED, Outcome.CONFIGURATION_FAULT)
_REFUSED = (*_PERMANENT_FAULTS, Outcome.DEAD_TOKEN, Outcome.DISABLED, Outcome.UNSUPPORTED_TOKEN)  # for good

type Sent = Sequence[tuple[Device, Delivery]]


@dataclass(frozen=True, slots=True)
class DeliverPush:
    """Delivers one push. `jitter` returns the whole seconds between two tries; `ring_ms` is how long a call rings."""

    devices: Devices
    deliveries: Deliveries
    gateway: PushGateway
    dead_letters: DeadLetters
    clock: Clock
    jitter: Callable[[], int]
    executor: Executor
    ring_ms: int
    recipients: FindRecipients
    cancels: Cancels

    def __call__(self, push: Pushed) -> Attempt:
        """Return the outcome of the push, and whether it must be tried again. Errors of our stores are raised."""
        now_ms, rings_until = self._now(), push.sent_until(self.ring_ms)
        if now_ms >= rings_until:
            return Attempt((Delivery(Outcome.STALE),))
        known_until = push.known_until(self.ring_ms)
        lease = self.deliveries.begin(push, now_ms=now_ms, lease_ms=LEASE_MS, known_until_ms=known_until)
        if lease is None:
            busy = Delivery(Outcome.BUSY)
            wait = self._wait(busy, rings_until)
            return Attempt((busy.timed(wait),), wait)  # tried again, because the holder of the lease may have crashed
        settling = Settling(0, ())
        try:
            found = self.recipients(push, lease, now_ms)
            if lease.over:  # an earlier attempt may have rung phones, and failed before they were told
                self._stop_late(found)
            if not found.phones:
                return Attempt((found.unsent,), dialled=found.dialled)
            settling = Settling(len(found.phones), {phone[0].key for phone in found.phones if len(phone) == 1})
            sent = self._send_all(found.push, found.phones, settling, begun=now_ms, rings_until=rings_until)
            if settling.over:  # since the first send: these phones do not know it
                self._stop_late(found)
            return replace(self._concluded(push, sent, settling, rings_until), dialled=found.dialled)
        finally:
            if not settling.lease_ended:
                with suppress(Exception):  # the lease expires anyway, and an error here would send the push again
                    self.deliveries.end(push)

    def put_off(self, push: Pushed, reason: str) -> Attempt:
        """Return the attempt that an internal fault ended; the push is tried again while its call rings."""
        delivery = Delivery(Outcome.RETRY, reason)
        wait = self._wait(delivery, push.sent_until(self.ring_ms))
        return Attempt((delivery.timed(wait),), wait)

    def _stop_late(self, found: Recipients) -> None:
        """Queue a cancel for phones that took an invite after the call was over. Raises UnavailableError."""
        if found.call is not None:
            self.cancels.cancel(cancel_of(found.call, Reason.ENDED, self._now()))

    def _send_all(
        self, push: Pushed, phones: Sequence[Phone], settling: Settling, begun: int, rings_until: int
    ) -> Sent:
        ring = partial(self._ring, push, settling=settling, begun=begun, rings_until=rings_until)
        futures = [self.executor.submit(ring, phone) for phone in phones]
        faults = [future.exception() for future in futures]  # waits for all, so that none runs without the lease
        for fault in filter(None, faults):
            raise fault
        return [sent for future in futures for sent in future.result()]

    def _ring(self, push: Pushed, phone: Phone, settling: Settling, *, begun: int, rings_until: int) -> Sent:
        """Send to a phone's first token, and to each next one where the one before was refused for good."""
        sent: list[tuple[Device, Delivery]] = []
        for device in phone:
            delivery = self._send(push, phone, device, settling, begun=begun, rings_until=rings_until)
            sent.append((device, delivery))
            for_good = delivery.outcome in _REFUSED or delivery.retry_after == math.inf
            if not for_good:
                break
        return sent

    def _send(
        self, push: Pushed, phone: Phone, device: Device, settling: Settling, *, begun: int, rings_until: int
    ) -> Delivery:
        """Send to one device of the phone and store the outcome at once, before another step can fail."""
        now_ms = self._now()
        if now_ms >= rings_until:
            delivery = Delivery(Outcome.TOO_LATE)
        elif now_ms - begun > START_WITHIN_MS:
            delivery = Delivery(Outcome.RETRY, "no time left")
        else:
            delivery = self.gateway.send(push, device, expires_at_ms=rings_until, now_ms=now_ms)
        if delivery.outcome is Outcome.ACCEPTED:
            accepted = replace(delivery, latency_ms=self._now() - push.accepted_at)
            others_refused = device is not phone[0]  # their dead letter is stored later, under the lease
            settled = (device, *(other for other in phone if other is not device))
            if not self._marked(push, settled, settling, accepted=True, ends=not others_refused):
                return replace(accepted, reason=NOT_MARKED)
            self._note(push, device, delivery.learned, begun)
            return accepted
        self._record(push, device, settling, delivery)
        return delivery

    def _marked(
        self, push: Pushed, devices: Phone, settling: Settling, *, accepted: bool = False, ends: bool = False
    ) -> bool:
        """Mark a phone's devices; return whether that succeeded. If not, they are sent to again only if others are.

        With `ends` nothing remains to be done for the phone after this mark.
        """
        ends = ends or (not accepted and settling.is_alone(devices[0]))
        for _ in range(MARK_TRIES):
            with suppress(Exception):
                last = ends and settling.is_last()
                over = self.deliveries.mark(push, *(one.key for one in devices), accepted=accepted, last=last)
                settling.over = settling.over or (accepted and over)
                if ends:
                    settling.add(devices[0], last=last)
                return True
        return False

    def _note(self, push: Pushed, device: Device, learned: Device | None, begun: int) -> None:
        """Store what the send has shown about the device, and at most once a week that a push for it was accepted.

        Both only if time is left.
        """
        now_ms = self._now()
        if learned is not None and now_ms - begun <= START_WITHIN_MS:
            with suppress(Exception):
                self.devices.learned(push.account, push.subscriber_name, learned)
        due = device.accepted_at is None or device.accepted_at <= now_ms - WEEK_MS
        if due and now_ms - begun <= START_WITHIN_MS:
            with suppress(Exception):
                self.devices.accepted(push.account, push.subscriber_name, device, now_ms, before=now_ms - WEEK_MS)

    def _record(self, push: Pushed, device: Device, settling: Settling, delivery: Delivery) -> None:
        """Store the outcome for this registration of the token; a newer registration is not affected."""
        account, name, registered_at = push.account, push.subscriber_name, device.registered_at
        match delivery.outcome:
            case Outcome.UNSUPPORTED_TOKEN:
                self._marked(push, (device,), settling)
            case Outcome.DEAD_TOKEN:
                self.devices.remove(account, name, device.key, registered_at=registered_at)
            case Outcome.DISABLED:
                self.devices.disable(account, name, device.key, delivery.reason, registered_at=registered_at)

    def _concluded(self, push: Pushed, sent: Sent, settling: Settling, rings_until: int) -> Attempt:
        """Decide which sends are tried again and when, and mark the devices of those that are not."""
        waits = {device.key: self._wait(delivery, rings_until) for device, delivery in sent}
        sent = [(device, delivery.timed(waits[device.key])) for device, delivery in sent]
        undeliverable = [delivery.reason for _, delivery in sent if delivery.outcome in _PERMANENT_FAULTS]
        if undeliverable and not isinstance(push, Cancel):  # nobody has a use for a cancel later
            self.dead_letters.put(push, ", ".join(sorted(set(undeliverable))))
        for device, delivery in sent:
            if delivery.outcome in (*_PERMANENT_FAULTS, Outcome.TOO_LATE):
                self._marked(push, (device,), settling)
        retries = [wait for wait in waits.values() if wait]
        now_ms = self._now()
        sends = tuple(Send(d.key, d.platform, _at(push, delivery, now_ms), delivery) for d, delivery in sent)
        return Attempt(tuple(delivery for _, delivery in sent), max(retries, default=None), sends)

    def _wait(self, delivery: Delivery, rings_until: int) -> int | None:
        """Return the seconds until the next try, or None if there is none or the call would be over."""
        if delivery.outcome not in (Outcome.RETRY, Outcome.BUSY):
            return None
        last = math.ceil((rings_until - self._now()) / 1000) - 1  # the last whole second before the end
        if last < 1 or (delivery.retry_after or 0) > last:
            return None
        return min(self.jitter(), last) if delivery.retry_after is None else max(1, math.ceil(delivery.retry_after))

    def _now(self) -> int:
        return int(self.clock() * 1000)


def _at(push: Pushed, delivery: Delivery, now_ms: int) -> int:
    """Return when the push service accepted it, or else when all sends had ended (milliseconds)."""
    return now_ms if delivery.latency_ms is None else push.accepted_at + delivery.latency_ms
