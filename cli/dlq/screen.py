"""The output of `dlq`: a queue's dead letters by reason, most frequent first."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.dlq.messages import DeadLetter
from cli.dlq.queues import DeadLetterQueue

EXAMPLES = 3


def grouped(queue: DeadLetterQueue, messages: Sequence[DeadLetter], now: float) -> Mapping[str, Any]:
    """Return a queue's dead letters by reason, as JSON; ages in seconds."""
    by_reason = groupby(sorted(messages, key=lambda one: (one.reason, one.put_at)), key=lambda one: one.reason)
    reasons = [_reason(reason, list(same), now) for reason, same in by_reason]
    return {
        "queue": queue.short,
        "returns_to": queue.source,
        "messages": len(messages),
        "reasons": sorted(reasons, key=lambda one: -one["messages"]),
    }


def _reason(reason: str, messages: Sequence[DeadLetter], now: float) -> Mapping[str, Any]:
    return {
        "reason": reason,
        "messages": len(messages),
        "oldest_age": round(now - messages[0].put_at),
        "newest_age": round(now - messages[-1].put_at),
        "examples": [one.shown for one in messages[-EXAMPLES:]],
    }


def print_grouped(console: Console, found: Mapping[str, Any]) -> None:
    """Print the same as a table."""
    if not found["messages"]:
        console.print(f"{found['queue']}: empty", highlight=False)
        return
    table = Table(title=f"{found['queue']}: {found['messages']} messages")
    for column in ("reason", "messages", "oldest", "newest", "such as"):
        table.add_column(column, overflow="fold")  # ids must not be cut off, since users copy them
    for one in found["reasons"]:
        examples = "\n".join(" ".join(example.values()) for example in one["examples"])
        ages = age(one["oldest_age"]), age(one["newest_age"])
        table.add_row(escape(one["reason"]), str(one["messages"]), *ages, escape(examples))
    console.print(table)


def age(seconds: int) -> str:
    """Return a duration in its largest unit."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{max(0, seconds)} s"
