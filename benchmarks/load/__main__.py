"""`make load`: callers of locust's against the local stack, for five minutes unless told otherwise.

    python -m benchmarks.load [SECONDS]

Prints the outcome of every accepted push, durations, and the workers' memory. Exits with 1 where a push was
lost or rang twice, a call is missing in its caller's history, a request failed, a worker's memory grew or was not seen,
or the load was not what it is meant to be.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks import ROOT
from benchmarks.load.ledger import Account, account, read
from benchmarks.load.memory import Growth, MemoryWatch, growths
from benchmarks.load.report import Load, failures, show
from benchmarks.load.subscribers import Subscribers, subscribers
from local import demo
from local.options import Options
from local.stack import LocalStack

LOCUST = ROOT / ".tools" / "load" / "bin" / "locust"
CALLERS = Path(__file__).with_name("callers.py")
USUAL_SECONDS = 300
STEADY, CROWD, SECONDS_BETWEEN_BURSTS = 2, 20, 15
DRAINED_WITHIN_SECONDS = 120
QUEUES = ("PushQueue", "TimelineQueue")


def load(loaded: Subscribers, folder: Path, seconds: int) -> list[dict[str, str]]:
    """Let locust's callers call for that long; return its figures for each kind of request."""
    told = {
        "account": demo.ACCOUNT,
        "exophone": demo.EXOPHONE,
        "webhook": f"{demo.WEBHOOK_USER}:{demo.WEBHOOK_PASSWORD}",
        "steady": STEADY,
        "crowd": CROWD,
        "seconds_between_bursts": SECONDS_BETWEEN_BURSTS,
        "sessions": loaded.sessions,
    }
    (folder / "subscribers.json").write_text(json.dumps(told))
    command: list[str | Path] = [
        LOCUST,
        "-f",
        CALLERS,
        "--headless",
        "--host",
        loaded.stack.base_url,
        "--users",
        str(STEADY + CROWD),
    ]
    command += ["--spawn-rate", "10", "--run-time", f"{seconds}s", "--stop-timeout", "60", "--only-summary"]
    command += ["--csv", folder / "locust", "--exit-code-on-error", "0", "--loglevel", "WARNING"]
    files = {"LOAD_SETUP": str(folder / "subscribers.json"), "LOAD_LEDGER": str(folder / "ledger")}
    said = subprocess.run(
        command, env=os.environ | files, timeout=seconds + 120, check=False, capture_output=True, text=True
    )
    with (folder / "locust_exceptions.csv").open() as exceptions:
        broken = list(csv.DictReader(exceptions))
    if said.returncode or broken:
        raise SystemExit(f"locust failed:\n{broken or said.stderr[-3000:]}")
    with (folder / "locust_stats.csv").open() as figures:
        return list(csv.DictReader(figures))


def settle(loaded: Subscribers, folder: Path) -> Account:
    """Wait until all queues are empty, then check every call."""
    until = time.monotonic() + DRAINED_WITHIN_SECONDS
    while any(loaded.waiting(queue) for queue in QUEUES) and time.monotonic() < until:
        time.sleep(0.5)
    calls = read(folder / "ledger")
    listed: Mapping[str, str | None] = {}
    while time.monotonic() < until:  # the table's stream and the queue are read side by side
        listed = loaded.histories()
        if all(listed.get(call.call) == "answered" for call in calls):
            break
        time.sleep(2)
    rung = [(push.payload, push.at / 1000) for push in loaded.stack.simulators.pushes.accepted()]
    return account(calls, rung, loaded.waiting("PushDeadLetterQueue"), listed)


def main(seconds: int) -> int:
    """Return 0 where nothing was lost and nothing grew."""
    with tempfile.TemporaryDirectory() as made, LocalStack(Options(port=0, stock_apps="deny")) as stack:
        folder = Path(made)
        with subscribers(stack, STEADY + CROWD) as loaded:
            print(f"{STEADY} steady callers, {CROWD} at once every {SECONDS_BETWEEN_BURSTS} s, {seconds} s", flush=True)
            with MemoryWatch(stack.emulator.pid) as memory:
                requests = load(loaded, folder, seconds)
            grown: list[Growth] = growths(memory.samples)
            result = settle(loaded, folder)
    show(result, requests, grown)
    bursts = seconds // SECONDS_BETWEEN_BURSTS - 1  # while all callers are there
    wrong = failures(result, requests, grown, Load(bursts * CROWD, CROWD))
    for one in wrong:
        print(one, file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else USUAL_SECONDS))
