"""The delivery of pushes with fakes for everything outside the use case."""

from collections.abc import Mapping

from switchboard.pushes.deliver_push import DeliverPush
from switchboard.pushes.find_cancelled import FindCancelled
from switchboard.pushes.find_invited import FindInvited
from switchboard.pushes.find_recipients import FindRecipients
from switchboard.pushes.push import Attempt, Delivery, Outcome, Push
from switchboard.subscribers.subscriber import Device, Status, Subscriber, TokenType
from tests.fakes.call_contexts import FakeCallContexts
from tests.fakes.clock import FakeClock
from tests.fakes.push import (
    FakeCancels,
    FakeDeadLetters,
    FakeDeliveries,
    FakePushGateway,
    FakeRingingCalls,
    ImmediateExecutor,
)
from tests.fakes.subscribers import FakeDevices, FakeSubscribers

ACCEPTED_AT = 1_700_000_000_000

PUSH = Push("demo1m", "dave", "e30.e30.sig", "2", "push-1", ACCEPTED_AT)

DAVE = Subscriber(PUSH.account, PUSH.subscriber_name, Status.ACTIVE, "v1", "Dave", 0, 0)

ANDROID = Device("android", TokenType.FCM, 1, session_version="v1")

IPHONE = Device("iphone", TokenType.FCM, 2, session_version="v1")

APNS = Device("ab" * 32, TokenType.APNS, 3, session_version="v1")

UNAVAILABLE = Delivery(Outcome.RETRY, "503")

UNSUPPORTED = Delivery(Outcome.UNSUPPORTED_TOKEN, "APNs is not set up")

QUOTA = Delivery(Outcome.RETRY, "429", 60.0)


class DeliveryBench:
    """The use case with its fakes: a call rings 30 s, retries come after 2 s."""

    def __init__(
        self,
        *devices: Device,
        deliveries: FakeDeliveries | None = None,
        by_token: Mapping[str, list[Delivery]] | None = None,
        **answers: list[Delivery],
    ) -> None:
        self.clock = FakeClock(ACCEPTED_AT / 1000 + 0.25)
        self.devices = FakeDevices()
        self.subscribers = FakeSubscribers(self.devices)
        self.subscribers.put(DAVE)
        for device in devices:
            self.devices.register(PUSH.account, PUSH.subscriber_name, device)
        self.deliveries = deliveries or FakeDeliveries()
        self.gateway = FakePushGateway(**answers, **(by_token or {}))
        self.dead_letters = FakeDeadLetters()
        self.contexts, self.ringing, self.cancels = FakeCallContexts(), FakeRingingCalls(), FakeCancels()
        self.deliver = DeliverPush(
            self.devices,
            self.deliveries,
            self.gateway,
            self.dead_letters,
            self.clock,
            lambda: 2,
            ImmediateExecutor(),
            30_000,
            FindRecipients(
                self.devices,
                FindInvited(self.devices, self.subscribers, self.contexts, self.ringing, ImmediateExecutor(), 30_000),
                FindCancelled(self.devices, self.deliveries, self.deliveries, self.ringing),
            ),
            self.cancels,
        )

    @property
    def registered(self) -> set[str]:
        return {device.token for device in self.devices.of(PUSH.account, PUSH.subscriber_name)}


def outcomes(attempt: Attempt) -> list[Outcome]:
    return [delivery.outcome for delivery in attempt.deliveries]
