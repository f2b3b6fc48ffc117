"""A subscriber's status and name. A module of its own because each import delays Dial Whom's cold start."""

import re
from enum import StrEnum

LONGEST_NAME = 16  # Subscriber API: "maximum 16 bytes"; names that we generate have at most 15
LONGEST_SID = 128  # characters of an account SID; a limit for the keys of our tables
_NAME = re.compile(r"[A-Za-z0-9]{1,16}\Z")


class Status(StrEnum):
    """Whether a subscriber may log in and be called (Subscriber API)."""

    ACTIVE = "active"
    INACTIVE = "inactive"


def possible_name(name: str) -> bool:
    """Return whether a subscriber can have that name; only then is a lookup needed."""
    return _NAME.match(name) is not None
