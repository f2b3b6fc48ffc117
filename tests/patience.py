"""Time limits of tests: how long to wait, and whether durations are checked."""

import os

HANGS = 10  # times as long as on an idle machine: a bound only for hanging tests


def machine_is_idle() -> bool:
    """Return whether seconds are judged: `make test-all` sets SECONDS_COUNT; `make test` bears a busy machine."""
    return "SECONDS_COUNT" in os.environ


def patience(seconds: float) -> float:
    """Return how long to wait, on a machine that does much else, for what takes so long on an idle one.

    Where seconds are judged, the machine is idle: a test that something does not come need not wait any longer.
    """
    return seconds if machine_is_idle() else seconds * HANGS


def in_time(took: float, most: float) -> bool:
    """Return whether something took less than `most` seconds; true where seconds are not judged."""
    return took < most or not machine_is_idle()
