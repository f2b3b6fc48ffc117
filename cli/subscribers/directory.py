"""Exotel's list of an account's subscribers: ports and model."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_AT_ONCE = 10  # names in a bulk creation (Subscriber API)
LARGEST_PAGE = 100  # Subscriber API


@dataclass(frozen=True, slots=True)
class NewSubscriber:
    """One name of a bulk creation; `custom_field` is kept by Exotel as it is."""

    name: str
    custom_field: str | None = None


class Created(StrEnum):
    """The result of a bulk creation for one name."""

    CREATED = "created"
    EXISTING = "existing"  # it existed before, which is no failure
    REFUSED = "refused"  # a retry of the same would be refused, too
    LATER = "later"  # a temporary fault: try this one again


@dataclass(frozen=True, slots=True)
class Creation:
    """The verdict on one name, with Exotel's reason for a refusal."""

    outcome: Created
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """A subscriber as Exotel lists it; `status` is Exotel's word, usually `active` or `inactive`."""

    name: str
    status: str
    custom_field: str | None = None


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """Some of an account's subscribers; `next_offset` asks for those that follow, None after the last."""

    entries: Sequence[DirectoryEntry]
    next_offset: int | None
