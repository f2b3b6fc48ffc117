"""Stop the ringing phones of subscribers who are suspended or deleted, as the server's route does."""

import time

from rich.console import Console

from cli.aws import explained
from cli.errors import OperatorError
from cli.target import Target
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.pushes.find_ringing import FindRinging
from switchboard.pushes.queue import SqsPushQueue
from switchboard.pushes.ringing_calls import DynamoRingingCalls
from switchboard.pushes.stop_ringing import StopRinging
from switchboard.subscribers.devices_dynamodb import DynamoDevices

LONGEST_RING_MS = 60_000  # RingSeconds is at most 60; a call that rings no more is told so by its own item


def stop_phones(target: Target, account: str, name: str) -> None:
    """Queue the cancels; what goes wrong is said, and what the command is for goes on."""
    try:
        with explained():
            devices = DynamoDevices(target.client("dynamodb"), target.resource("SubscribersTable"))
            _stop_ringing(target).gone(account, name, devices.of(account, name))
    except OperatorError as error:
        Console(stderr=True).print(
            f"{name}'s phones may ring on, for RingSeconds at most: {error}",
            highlight=False,
            soft_wrap=True,
            markup=False,
        )


def _stop_ringing(target: Target) -> StopRinging:
    dynamodb = target.client("dynamodb")
    calls = DynamoRingingCalls(dynamodb, target.resource("DeliveriesTable"))
    answers = DynamoCallContexts(dynamodb, target.resource("CallContextsTable"))
    queue = SqsPushQueue(target.client("sqs"), target.resource("PushQueue"))
    return StopRinging(FindRinging(calls, answers, time.time, LONGEST_RING_MS), calls, queue, time.time)
