"""The events in a Calls table, whoever's they are and under whatever id they stand."""

from collections.abc import Sequence
from typing import Any

from switchboard.timeline.event import Event
from switchboard.timeline.items import events_in


def stored_events(dynamodb: Any, table: str = "CallsTable") -> Sequence[Event]:
    """Return all stored events, each as often as it is stored, in the order of their times."""
    items = dynamodb.scan(TableName=table)["Items"]
    return sorted((e for item in items if "source" in item for e in events_in(item)), key=lambda event: event.at)
