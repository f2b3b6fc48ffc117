"""What Dial Whom has to know of a subscriber; apart from subscribers.py, since a caller waits for every import."""

import re
from enum import StrEnum

LONGEST_NAME = 16  # Subscriber API: "maximum 16 bytes"; what we generate has at most 15
LONGEST_SID = 128  # characters of an account SID; a longer one would not fit into a key of our tables
_NAME = re.compile(r"[A-Za-z0-9]{1,16}\Z")


class Status(StrEnum):
    """Whether a subscriber may log in and be called (Subscriber API)."""

    ACTIVE = "active"
    INACTIVE = "inactive"


def possible_name(name: str) -> bool:
    """Return whether anybody can bear that name, so that it is worth looking up."""
    return _NAME.match(name) is not None
