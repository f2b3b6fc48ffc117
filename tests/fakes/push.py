"""The push relay's outside parts in memory."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import Any

from switchboard.foundation.errors import UnavailableError
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.payload import caller_in
from switchboard.pushes.push import AcceptedPush, Delivery, Outcome, Push, key_in
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
        self._accepted: set[str] = set()
        self._first: dict[str, Pushed] = {}
        self._ids: dict[str, set[str]] = {}
        self.writes: list[str] = []  # after the lease was taken

    def begin(self, push: Pushed, *, now_ms: int, lease_ms: int, known_until_ms: int) -> Collection[str] | None:
        if self._lease_until.get(push.key, 0) > now_ms:
            return None
        if self._rings_until.get(push.key, 0) <= push.accepted_at:
            self._settled[push.key] = set()
            self._rings_until[push.key] = known_until_ms
            self._accepted.discard(push.key)
            self._first[push.key], self._ids[push.key] = push, set()
        self._ids[push.key].add(push.push_id)
        self._lease_until[push.key] = now_ms + lease_ms
        return frozenset(self._settled[push.key])

    def find(self, account: str, name: str, push_id: str, now: int) -> AcceptedPush | None:
        key = key_in(push_id)
        push = self._first.get(key)
        if push is None or (push.account, push.subscriber_name) != (account, name) or key not in self._accepted:
            return None
        if push_id not in self._ids[key] or self._rings_until[key] // 1000 + 60 <= now:
            return None
        caller = caller_in(push.payload) if isinstance(push, Push) else push.caller
        return AcceptedPush(caller or "", push.accepted_at)

    def mark(self, push: Pushed, *device_keys: str, accepted: bool = True, last: bool = False) -> None:
        self.writes.append("last mark" if last else "mark")
        if accepted:
            self._accepted.add(push.key)
        self._settled[push.key].update(device_keys)
        if last:
            self._lease_until[push.key] = 0

    def end(self, push: Pushed) -> None:
        self.writes.append("end")
        self._lease_until[push.key] = 0


class FakeRingingCalls:
    """Implements ports.pushes.RingingCalls."""

    def __init__(self) -> None:
        self.calls: dict[tuple[str, str, str], RingingCall] = {}

    def register(self, call: RingingCall) -> RingingCall:
        known = self.calls.get(_where(call), call)
        merged = replace(call, pushes={**known.pushes, **call.pushes}, phones=known.phones | call.phones)
        self.calls[_where(call)] = merged
        return merged

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
        self.before_answer: Callable[[], object] = lambda: None

    def send(self, push: Pushed, device: Device, *, expires_at_ms: int, now_ms: int) -> Delivery:
        self.sent.append(device.token)
        self.before_answer()
        waiting = self.answers.get(device.token)
        return waiting.pop(0) if waiting else ACCEPTED


class ImmediateExecutor(Executor):
    """Runs what is submitted at once, in the caller's thread."""

    def submit[**P, T](self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*args, **kwargs))
        except Exception as fault:
            future.set_exception(fault)
        return future
