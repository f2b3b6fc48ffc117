"""The push relay's outside parts in memory."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import Any

from switchboard.foundation.errors import UnavailableError
from switchboard.pushes.cancel import Cancel
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.payload import caller_in
from switchboard.pushes.push import AcceptedPush, Delivery, Lease, Outcome, Push, key_in
from switchboard.pushes.ringing import RingingCall, ringing_id
from switchboard.subscribers.subscriber import Device

ACCEPTED = Delivery(Outcome.ACCEPTED, "200")


class FakePushQueue:
    """Implements ports.pushes.PushQueue."""

    def __init__(self) -> None:
        self.pushes: list[Push] = []
        self.down = False

    def put(self, push: Push) -> None:
        if self.down:
            raise UnavailableError("not_queued", "the queue is down")
        self.pushes.append(push)


class FakeCancels:
    """Implements ports.pushes.Cancels."""

    def __init__(self) -> None:
        self.queued: list[Cancel] = []
        self.down = False

    def cancel(self, cancel: Cancel) -> None:
        if self.down:
            raise UnavailableError("not_queued", "the queue is down")
        self.queued.append(cancel)


class FakeDeadLetters:
    """Implements ports.pushes.DeadLetters."""

    def __init__(self) -> None:
        self.letters: list[tuple[Pushed, str]] = []

    def put(self, push: Pushed, reason: str) -> None:
        self.letters.append((push, reason))


class FakeDeliveries:
    """Implements ports.pushes.Deliveries and AcceptedPushes."""

    def __init__(self) -> None:
        self._rings_until: dict[str, int] = {}
        self._lease_until: dict[str, int] = {}
        self._settled: dict[str, set[str]] = {}
        self._accepted: dict[str, set[str]] = {}
        self._over: set[str] = set()
        self._first: dict[str, Pushed] = {}
        self._ids: dict[str, set[str]] = {}
        self.writes: list[str] = []  # after the lease was taken

    def begin(self, push: Pushed, *, now_ms: int, lease_ms: int, known_until_ms: int) -> Lease | None:
        if self._lease_until.get(push.key, 0) > now_ms:
            return None
        if self._rings_until.get(push.key, 0) <= push.accepted_at:
            self._settled[push.key] = set()
            self._rings_until[push.key] = known_until_ms
            self._accepted.pop(push.key, None)
            self._over.discard(push.key)
            self._first[push.key], self._ids[push.key] = push, set()
        self._ids[push.key].add(push.push_id)
        self._lease_until[push.key] = now_ms + lease_ms
        return Lease(frozenset(self._settled[push.key]), push.key in self._over)

    def find(self, account: str, name: str, push_id: str, now: int) -> AcceptedPush | None:
        key = key_in(push_id)
        push = self._first.get(key)
        if push is None or (push.account, push.subscriber_name) != (account, name) or key not in self._accepted:
            return None
        if push_id not in self._ids[key] or self._rings_until[key] // 1000 + 60 <= now:
            return None
        caller = caller_in(push.payload) if isinstance(push, Push) else ""
        return AcceptedPush(caller or "", push.accepted_at, frozenset(self._accepted[key]))

    def mark(self, push: Pushed, *device_keys: str, accepted: bool = True, last: bool = False) -> bool:
        self.writes.append("last mark" if last else "mark")
        if accepted:
            self._accepted.setdefault(push.key, set()).add(device_keys[0])
        self._settled[push.key].update(device_keys)
        if last:
            self._lease_until[push.key] = 0
        return push.key in self._over

    def stop(self, account: str, name: str, push_id: str) -> Collection[str]:
        key = key_in(push_id)
        push = self._first.get(key)
        if push is None or (push.account, push.subscriber_name) != (account, name):
            return ()
        self._over.add(key)
        return frozenset(self._accepted.get(key, ()))

    def end(self, push: Pushed) -> None:
        self.writes.append("end")
        self._lease_until[push.key] = 0


class FakeRingingCalls:
    """Implements ports.pushes.RingingCalls."""

    def __init__(self) -> None:
        self.calls: dict[tuple[str, str, str], RingingCall] = {}

    def register(self, call: RingingCall) -> RingingCall:
        known = self.calls.get(_where(call), call)
        merged = replace(
            known,
            until=call.until,
            caller=call.caller,
            pushes={**known.pushes, **call.pushes},
            phones=known.phones | call.phones,
            knowing=known.knowing | call.knowing,
        )
        self.calls[_where(call)] = merged
        return merged

    def answer(self, call: RingingCall, phone: str | None) -> None:
        known = self.calls.get(_where(call), RingingCall(call.account, call.callee, call.id, call.until, call.caller))
        by = {phone} if phone else set()
        self.calls[_where(call)] = replace(known, answered=True, answered_by=known.answered_by | by)

    def end(self, call: RingingCall, reason: str, by: str | None, *, answered: bool) -> RingingCall | None:
        known = self.calls.get(_where(call), RingingCall(call.account, call.callee, call.id, call.until, call.caller))
        named = answered and by is not None
        if known.answered_somewhere and not named:
            return None
        field = "answered_by" if answered else "ended_by"
        phones = {field: getattr(known, field) | ({by} if by else set())}
        self.calls[_where(call)] = replace(known, over=known.over or reason, **phones)
        return self.calls[_where(call)]

    def find(self, call: RingingCall) -> RingingCall | None:
        return self.calls.get(_where(call))

    def of(self, account: str, callee: str, since: int, most: int) -> Sequence[RingingCall]:
        theirs = (call for call in self.calls.values() if (call.account, call.callee) == (account, callee))
        recent = [call for call in theirs if call.id >= ringing_id(since, "")]
        return sorted(recent, key=lambda call: call.id, reverse=True)[:most]


def _where(call: RingingCall) -> tuple[str, str, str]:
    return call.account, call.callee, call.id


class FakePushGateway:
    """Implements ports.pushes.PushGateway: answers each token with its `answers`, in turn, then accepts."""

    def __init__(self, **answers: list[Delivery]) -> None:
        self.answers = answers
        self.sent: list[str] = []
        self.messages: list[tuple[str, Pushed]] = []  # what each token accepted
        self.before_answer: Callable[[], object] = lambda: None

    def send(self, push: Pushed, device: Device, *, expires_at_ms: int, now_ms: int) -> Delivery:
        self.sent.append(device.token)
        self.before_answer()
        waiting = self.answers.get(device.token)
        answer = waiting.pop(0) if waiting else ACCEPTED
        if answer.outcome is Outcome.ACCEPTED:
            self.messages.append((device.token, push))
        return answer


class ImmediateExecutor(Executor):
    """Runs what is submitted at once, in the caller's thread."""

    def submit[**P, T](self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*args, **kwargs))
        except Exception as fault:
            future.set_exception(fault)
        return future
