"""What a change costs the hot paths: Dial Whom and pushes in two builds of the product, in one interleaved run.

    python -m benchmarks.builds OTHER_TEMPLATE [ROUNDS]

OTHER_TEMPLATE is what `make build-host` left of the other build, say in a worktree of an earlier commit. Both run side
by side on the local stack, and each round asks one and then the other, in changing order. A pause goes before each
request: what it sets off runs on machines of its own on Lambda, here on the same few cores, and is not what Exotel
waits for. Exits with 1 where this build takes more than MOST times as long, by the medians of what is judged.
"""

import statistics
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx

from local import demo
from local.calls.call_data import call_data
from local.options import Options
from local.stack import TEMPLATE, LocalStack

ACCOUNT = f"/v1/accounts/{demo.ACCOUNT}"
EXOTEL = (demo.WEBHOOK_USER, demo.WEBHOOK_PASSWORD)
MOST = 1.05
# Not the webhook's own answer: it goes out when the phone may ring already, and the emulator is busy with that then.
JUDGED = ("dial_whom", "push_to_ring")
PAUSE_SECONDS = 0.7  # by then what the request before has set off is done
WARM_ROUNDS = 5

type Samples = dict[str, list[float]]


def timed(work: Callable[[], httpx.Response]) -> float:
    """Return the milliseconds that a request took, which must succeed."""
    time.sleep(PAUSE_SECONDS)
    began = time.perf_counter()
    work().raise_for_status()
    return (time.perf_counter() - began) * 1000


def sample(stack: LocalStack, http: httpx.Client) -> dict[str, float]:
    """Play one call as Exotel and the phone see it: a context, Dial Whom, the push, the phone's ringing."""
    http.post(f"{ACCOUNT}/subscribers/alice/context", json={"dialToNumber": "bob", "message": ""}).raise_for_status()
    query = {"CallSid": uuid.uuid4().hex, "CallFrom": "sip:alice", "CallTo": f"sip:{demo.EXOPHONE}"}
    dial_whom = timed(lambda: http.get(f"{ACCOUNT}/dialtonumber", params=query, auth=EXOTEL))
    call = call_data("alice")
    body = {"subscriberName": "bob", "payload": call, "payloadVersion": "1"}
    webhook = timed(lambda: http.post(f"{ACCOUNT}/pushtoclient", json=body, auth=EXOTEL))
    began = time.time() * 1000 - webhook
    while not (rung := stack.simulators.pushes.accepted(call)):
        if time.time() * 1000 - began > 30_000:
            raise TimeoutError("the phone did not ring")
        time.sleep(0.002)
    return {"dial_whom": dial_whom, "push_to_ring": rung[0].at - began, "webhook_answer": webhook}


def main(other: Path, rounds: int) -> int:
    """Print the medians and their ratios; return 1 where one that is judged is too high."""
    found: dict[str, Samples] = {"other": {}, "this": {}}
    with (
        LocalStack(Options(port=0), template=other) as theirs,
        LocalStack(Options(port=0), template=TEMPLATE) as ours,
        httpx.Client(base_url=theirs.base_url, timeout=30) as ask_theirs,
        httpx.Client(base_url=ours.base_url, timeout=30) as ask_ours,
    ):
        stacks = {"other": (theirs, ask_theirs), "this": (ours, ask_ours)}
        for number in range(WARM_ROUNDS + rounds):
            for which in sorted(stacks, reverse=bool(number % 2)):
                for name, took in sample(*stacks[which]).items():
                    found[which].setdefault(name, []).append(took)
    return report(found)


def report(found: dict[str, Samples]) -> int:
    """Print a line for each thing that was measured, the rounds to get warm left out; return as `main` does."""
    slower = 0
    for name, samples in found["this"].items():
        this, other = statistics.median(samples[WARM_ROUNDS:]), statistics.median(found["other"][name][WARM_ROUNDS:])
        judged = name in JUDGED
        slower |= judged and this / other > MOST
        said = f"at most {MOST}" if judged else "not judged"
        print(f"{name:14} other {other:8.2f} ms  this {this:8.2f} ms  ratio {this / other:.3f} ({said})")
    return int(slower)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200))
