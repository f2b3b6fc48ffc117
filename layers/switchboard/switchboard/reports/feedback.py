"""A party's feedback on a call (contract 5), with the SDK's statistics."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from switchboard.reports.sanitising import clean, number, plain
from switchboard.timeline.event import Detail

MOST_FIGURES = 40
LONGEST_COMMENT = 1000  # characters
_LONGEST_NAME = 40

# our names -> the names in getStatistics of the Android and iOS SDKs, and likely variants
_FIGURES = {
    "codec": ("audiocodec", "codecname", "codec"),
    "packet_loss": ("fractionlost", "packetloss", "packetlossrate", "currentpacketlossrate"),
    "jitter_ms": ("averagejitterms", "jitterms", "averagejitter", "jitter"),
    "round_trip_ms": ("rttms", "rtt", "roundtriptimems", "roundtriptime", "roundtripms", "roundtrip"),
    "mos": ("mos",),
}


class Issue(StrEnum):
    """The SDK's six CallIssues."""

    NO_ISSUE = "NO_ISSUE"
    BACKGROUND_NOISE = "BACKGROUND_NOISE"
    CHOPPY_AUDIO = "CHOPPY_AUDIO"
    HIGH_LATENCY = "HIGH_LATENCY"
    NO_AUDIO = "NO_AUDIO"
    ECHO = "ECHO"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A rating from 1 (terrible) to 5 (excellent), and what was wrong."""

    rating: int
    issue: Issue
    comment: str = ""
    statistics: Mapping[str, object] | None = None

    @property
    def details(self) -> dict[str, Detail]:
        """Return the details of an event with this feedback."""
        comment = clean(self.comment, LONGEST_COMMENT)
        details = {
            "rating": self.rating,
            "issue": str(self.issue),
            "comment": comment,
            **figures(self.statistics or {}),
        }
        return {name: value for name, value in details.items() if value not in (None, "")}


def figures(statistics: Mapping[str, object]) -> dict[str, Detail]:
    """Return the statistics: known ones under our names, as numbers except `codec`; others as `stat_<name>`."""
    given = {_bare(name): value for name, value in list(statistics.items())[:MOST_FIGURES]}
    found: dict[str, Detail] = {}
    for ours, theirs in _FIGURES.items():
        values = [given.pop(name) for name in theirs if name in given]
        if values:
            found[ours] = plain(values[0]) if ours == "codec" else number(values[0])
    return found | {f"stat_{name}": plain(value) for name, value in given.items() if name}


def _bare(name: str) -> str:
    """Return the name in one form for all SDKs: `getRttMs`, `rttMs` and `rtt_ms` become `rttms`."""
    return re.sub(r"[^a-z0-9]", "", name.removeprefix("get").lower())[:_LONGEST_NAME]
