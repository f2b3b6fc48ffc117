"""Two calls in random orders of invites, retries, acks, events and cancels: what each of the callee's phones got last.

Each order is a seed. Steps also run while an invite is being sent, before the push service answers.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from switchboard.foundation.errors import UnavailableError
from switchboard.pushes.acknowledge_push import AcknowledgePush
from switchboard.pushes.cancel import Cancel
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.push import Delivery, Outcome, Push
from switchboard.pushes.stop_ringing import AckState
from switchboard.subscribers.subscriber import CANCEL, Device, TokenType
from tests.benches.deliver_push import UNAVAILABLE
from tests.benches.stop_ringing import ACCOUNT, ONE, TWO, StoppingBench, agent, callback, invited
from tests.fakes.push import ACCEPTED, FakeCancels

SEEDS = [pytest.param(range(400), id="400"), pytest.param(range(400, 10_400), id="10000", marks=pytest.mark.long)]
OLD = Device("old", TokenType.FCM, 3, session_version="v1", phone="phone-3")  # its app knows no cancel
BARE = Device("bare", TokenType.FCM, 4, session_version="v1", knows=frozenset({CANCEL}))  # without a session
PHONES = (ONE, TWO, OLD, BARE)
STATES = (AckState.ANSWERED, AckState.DECLINED, AckState.BUSY, AckState.RINGING)


@dataclass
class Told:
    """What was told about one call, in order, as somebody would judge it who knows all of it."""

    named: bool = False  # the phone that answered
    unnamed: bool = False
    ends: bool = False
    open: bool = False  # whether who has not been told yet is told depends on what is on its way
    spared: set[str] = field(default_factory=set)
    quiet_since: dict[str, int] = field(default_factory=dict)  # by phone: how much had been sent as it was told

    def answered(self, phone: str, sent: int) -> None:
        self.named = self.ends = True
        self.spared.add(phone)
        self.quiet_since.setdefault(phone, sent)

    def answered_somewhere(self, *, stored: bool) -> None:
        """Note an answer without a name; `stored` says whether an end was, else one that is queued does not count."""
        if not self.named:
            self.unnamed = True
            self.open |= stored
            self.ends &= stored

    def ended(self, phone: str | None = None) -> None:
        if self.named or not self.unnamed:
            self.ends = True
            self.spared |= {phone} if phone else set()


@dataclass
class AtTimesRefused:
    """The queue of cancels, as delivery finds it: SQS refuses a third."""

    queue: FakeCancels
    random: random.Random

    def cancel(self, cancel: Cancel) -> None:
        if self.random.random() < 0.3:
            raise UnavailableError("not_queued", "the queue is down")
        self.queue.cancel(cancel)


@dataclass
class Order:
    """One random order."""

    seed: int
    told: dict[str, Told] = field(default_factory=lambda: {"sid-1": Told(), "sid-2": Told()})
    sent: list[tuple[str, Pushed]] = field(default_factory=list)  # token and message, as the sending began
    took: list[tuple[str, Pushed]] = field(default_factory=list)
    over: set[str] = field(default_factory=set)  # CallSids whose cancel was delivered

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 an order, no secret
        self.bench = StoppingBench(*self.random.sample(PHONES, self.random.randint(1, len(PHONES))))
        self.bench.gateway.send = self.send  # type: ignore[method-assign]
        refused = AtTimesRefused(self.bench.cancels, self.random)
        self.bench.delivery.deliver = replace(self.bench.delivery.deliver, cancels=refused)
        self.known = self.bench.delivery.devices.of(ACCOUNT, "dave")
        self.acknowledge = AcknowledgePush(
            self.bench.delivery.deliveries, self.bench.delivery.contexts, self.bench.clock
        )
        self.pushes = {"sid-1": invited(), "sid-2": invited("session-2", after=2_000)}
        self.steps = self.random_steps()

    def send(self, push: Pushed, device: Device, *, expires_at_ms: int, now_ms: int) -> Delivery:
        self.sent.append((device.token, push))
        while isinstance(push, Push) and self.steps and self.random.random() < 0.3:
            self.step()
        if self.random.random() < 0.2:
            return UNAVAILABLE
        self.took.append((device.token, push))
        return ACCEPTED

    def call_of(self, message: Pushed) -> str:
        if isinstance(message, Cancel):
            return message.call.partition("#")[2]
        return next(call for call, push in self.pushes.items() if push.key == message.key)

    def random_steps(self) -> list[Callable[[], None]]:
        calls = ["sid-1"] * 3 + ["sid-2"]
        steps: list[Callable[[], None]] = [self.attempt, self.attempt, self.redial]
        for _ in range(self.random.randint(1, 8)):
            call, device = self.random.choice(calls), self.random.choice(self.known)
            state, name = self.random.choice(STATES), self.random.choice(["onCallEstablished", "onCallEnded"])
            steps.append(
                self.random.choice(
                    [
                        lambda c=call, d=device, s=state: self.ack(c, d, s),  # type: ignore[misc]
                        lambda c=call, d=device, n=name: self.callees_event(c, d, n),  # type: ignore[misc]
                        lambda c=call, n=name: self.callers_event(c, n),  # type: ignore[misc]
                        lambda c=call: self.exotel(c, "answered"),  # type: ignore[misc]
                        lambda c=call: self.exotel(c, "terminal"),  # type: ignore[misc]
                        self.cancel,
                    ]
                )
            )
        self.random.shuffle(steps)
        return steps

    def step(self) -> None:
        self.bench.clock.now += self.random.random() / 2
        self.steps.pop()()

    def run(self) -> None:
        while self.steps:
            self.step()
        retried = list(self.pushes)  # a fifth of the sends fails
        while retried or self.bench.cancels.queued:
            retried = [call for call in self.pushes if self.invite(call)]
            while self.bench.cancels.queued:
                self.cancel()
            self.bench.clock.now += 0.1

    def attempt(self) -> None:
        self.invite("sid-1")

    def redial(self) -> None:
        self.bench.dial("sid-2", after=1_900)

    def invite(self, call: str) -> bool:
        """Deliver the push, once its call is dialled; one whose call is over by then rings nowhere."""
        if not self.dialled(call):
            return False
        was_over, sent = call in self.over, len(self.sent)
        again = self.delivered(self.pushes[call])
        rang = [one for _, one in self.sent[sent:] if isinstance(one, Push) and self.call_of(one) == call]
        assert not (was_over and rang), "rang after the end"
        return again

    def delivered(self, push: Push) -> bool:
        """Deliver a push; return whether it must come back, also after a cancel that SQS has refused."""
        try:
            return self.bench.deliver(push).retry_after is not None
        except UnavailableError:
            return True

    def cancel(self) -> None:
        """Deliver one of the queued cancels, perhaps twice; one that must come back is queued again."""
        if not self.bench.cancels.queued:
            return
        cancel = self.random.choice(self.bench.cancels.queued)
        if self.random.random() < 0.8:
            self.bench.cancels.queued.remove(cancel)
        attempt = self.bench.delivery.deliver(cancel)
        if attempt.retry_after:
            self.bench.cancels.queued.append(cancel)
        stored = [call for call in self.bench.delivery.ringing.calls.values() if call.over]
        self.over |= {call.call_sid for call in stored}

    def has(self, call: str, device: Device) -> bool:
        return any(token == device.token and self.call_of(one) == call for token, one in self.took)

    def ack(self, call: str, device: Device, state: AckState) -> None:
        push, phone = self.pushes[call], device.phone or "a session that registered no device"
        if self.acknowledge(ACCOUNT, "dave", push.push_id) is None:
            return
        if device.phone is None:
            self.no_phone(call, answered=state is AckState.ANSWERED, ringing=state is AckState.RINGING)
        elif state is AckState.ANSWERED:
            self.told[call].answered(phone, len(self.sent))
        elif state is not AckState.RINGING:
            self.told[call].ended(phone)
        if state is not AckState.RINGING:  # as the function
            self.bench.stop.acknowledged(ACCOUNT, "dave", push.push_id, state, phone)

    def no_phone(self, call: str, *, answered: bool, ringing: bool = False) -> None:
        if answered:
            stored = {one.call_sid for one in self.bench.delivery.ringing.calls.values() if one.over}
            self.told[call].answered_somewhere(stored=call in stored)
        elif not ringing:
            self.told[call].ended()

    def callees_event(self, call: str, device: Device, name: str) -> None:
        if not self.has(call, device):
            return
        if device.phone is None:
            self.no_phone(call, answered=name == "onCallEstablished")
        elif name == "onCallEstablished":
            self.told[call].answered(device.phone, len(self.sent))
        else:
            self.told[call].ended(device.phone)
        event = callback("dave", name, self.bench.now, push_id=self.pushes[call].push_id)
        self.bench.stop.reported(ACCOUNT, "dave", [event], device.phone or "")

    def callers_event(self, call: str, name: str) -> None:
        if self.dialled(call):
            self.no_phone(call, answered=name == "onCallEstablished")
        event = callback("alice", name, self.bench.now, call_id=call)
        self.bench.stop.reported(ACCOUNT, "alice", [event], "alices-phone")

    def exotel(self, call: str, event: str) -> None:
        if self.dialled(call):
            self.no_phone(call, answered=event == "answered")
        self.bench.stop.told(agent(event, call))

    def dialled(self, call: str) -> bool:
        return any(answer.call == call for answer in self.bench.delivery.contexts.answers(ACCOUNT, "alice"))

    def check(self) -> None:
        for call, told in self.told.items():
            for device in self.known:
                self.check_phone(call, told, device)

    def check_phone(self, call: str, told: Told, device: Device) -> None:
        about = [one for token, one in self.took if token == device.token and self.call_of(one) == call]
        kinds = [one.type for one in about]
        assert kinds in ([], ["call"], ["call", "cancel"]), kinds  # once each, and nothing rings after a cancel
        if CANCEL not in device.knows:
            assert "cancel" not in kinds
            return
        since = told.quiet_since.get(device.phone or "")
        if since is not None:
            later = [one for token, one in self.sent[since:] if token == device.token and self.call_of(one) == call]
            assert not any(isinstance(one, Cancel) for one in later), "the phone that answered was told"
        if not kinds or told.open:
            return
        if not told.ends:
            assert kinds == ["call"]
        elif device.phone not in told.spared:
            assert kinds == ["call", "cancel"]


@pytest.mark.parametrize("seeds", SEEDS)
def test_the_last_message_of_each_phone_is_right_in_any_order(seeds: range) -> None:
    ended = 0
    for seed in seeds:
        order = Order(seed)
        order.run()
        try:
            order.check()
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {order.told}") from error
        ended += any(told.ends for told in order.told.values())
    assert 0.2 < ended / len(seeds) < 0.98  # both ends and calls that ring on were tried


def test_an_order_that_ends_a_call_has_a_cancel_of_it() -> None:
    order = Order(0)
    order.steps = [lambda: order.ack("sid-1", ONE, AckState.ANSWERED), order.attempt]
    order.bench.delivery.devices.register(ACCOUNT, "dave", replace(ONE, registered_at=9))
    order.run()
    order.check()
    assert order.told["sid-1"].named
    assert Outcome.ENDED in {one.outcome for one in order.bench.deliver(order.pushes["sid-1"]).deliveries}
