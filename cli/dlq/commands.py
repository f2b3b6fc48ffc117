"""The commands of `switchboard dlq`."""

import json
import time
from typing import Annotated

import typer
from rich.console import Console

from cli.aws import explained
from cli.chosen import Chosen
from cli.consent import agree
from cli.dlq import messages, screen
from cli.dlq.queues import DeadLetterQueue, dead_letter_queues
from cli.help import Commands
from cli.progress import progress
from cli.target import Target

app = Commands(no_args_is_help=True, help="Show, redrive or delete dead letters.")

Queue = Annotated[str | None, typer.Option(help="Only this one: push, timeline, …")]
Most = Annotated[int, typer.Option(min=1, help="How many messages to look at in each queue.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

_REFUSED = "nothing more was done"


@app.command()
def show(
    context: typer.Context,
    *,
    queue: Queue = None,
    most: Most = 1000,
) -> None:
    """Show dead letters by reason, with counts, ages and examples. No message is removed."""
    chosen = Chosen.by(context)
    target = chosen.target()
    client = target.client("sqs")
    with explained():
        found = [
            screen.grouped(one, messages.look(client, one, most), time.time())
            for one in dead_letter_queues(target.resources, queue)
        ]
    if chosen.as_json:
        print(json.dumps(found, indent=2))
        return
    for one in found:
        screen.print_grouped(Console(), one)


@app.command()
def redrive(
    context: typer.Context,
    *,
    queue: Queue = None,
    yes: Yes = False,
) -> None:
    """Move messages back to the queue that they came from. Pushes of calls that no longer ring are dropped there."""
    chosen = Chosen.by(context)
    target = chosen.target()
    done = []
    for one, number in _filled(target, queue):
        where = f"from {one.name} to {one.source}"
        agree(f"Move about {number} messages {where} ({one.source_url})?", _REFUSED, yes=yes)
        with explained(), progress(Console(stderr=True), "moving", number) as advance:
            moved = messages.move(target.client("sqs"), one, time.time(), advance)
        done.append({"queue": one.short, "destination": one.source, "url": one.source_url, "moved": moved})
        _say(f"{moved} messages moved {where}", as_json=chosen.as_json)
    _finish(done, as_json=chosen.as_json)


@app.command()
def purge(
    context: typer.Context,
    *,
    queue: Queue = None,
    yes: Yes = False,
) -> None:
    """Delete the messages in the dead-letter queues."""
    chosen = Chosen.by(context)
    target = chosen.target()
    done = []
    for one, number in _filled(target, queue):
        agree(f"Delete about {number} messages of {one.name}? This cannot be undone.", _REFUSED, yes=yes)
        with explained():
            target.client("sqs").purge_queue(QueueUrl=one.url)
        done.append({"queue": one.short, "purged": number})
        _say(f"about {number} messages of {one.name} thrown away", as_json=chosen.as_json)
    _finish(done, as_json=chosen.as_json)


def _filled(target: Target, wanted: str | None) -> list[tuple[DeadLetterQueue, int]]:
    """Return the queues that are not empty, with SQS's approximate number of messages."""
    with explained():
        queues = [(one, _number(target, one)) for one in dead_letter_queues(target.resources, wanted)]
    return [(one, number) for one, number in queues if number]


def _number(target: Target, queue: DeadLetterQueue) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = target.client("sqs").get_queue_attributes(QueueUrl=queue.url, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)


def _say(text: str, *, as_json: bool) -> None:
    if not as_json:
        Console().print(text, highlight=False, soft_wrap=True)


def _finish(done: list[dict[str, object]], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(done, indent=2))
    elif not done:
        print("the dead-letter queues are empty")
