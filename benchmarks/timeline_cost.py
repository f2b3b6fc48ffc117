"""What keeping timelines costs the hot paths: Dial Whom and push latency with and without, in one interleaved run.

    python -m benchmarks.timeline_cost BUILT_TEMPLATE_WITHOUT [ROUNDS]

Both built templates run side by side on the local stack, and each round asks one and then the other, in changing order.
A pause goes before each request: Lambda writes timelines on machines of its own, this one has but a few cores for it
all, and what the writing takes from them is not what Exotel waits for. The ratio of the medians is to be at most 1.05.
"""

import base64
import json
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx

from local import demo
from local.options import Options
from local.stack import TEMPLATE, LocalStack

ACCOUNT = f"/v1/accounts/{demo.ACCOUNT}"
EXOTEL = (demo.WEBHOOK_USER, demo.WEBHOOK_PASSWORD)
MOST = 1.05
PAUSE_SECONDS = 0.7  # by then what the request before has set off is done

type Samples = dict[str, list[float]]


def payload() -> str:
    """A JWT in compact form, different each time."""
    parts = ({"alg": "HS256", "typ": "JWT"}, {"callerId": "alice", "jti": uuid.uuid4().hex})
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*texts, "c2ln"])


def timed(work: Callable[[], httpx.Response]) -> float:
    """Return the milliseconds that a request took, which must succeed."""
    time.sleep(PAUSE_SECONDS)
    began = time.perf_counter()
    answer = work()
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, answer.text
    return took


def sample(stack: LocalStack, http: httpx.Client, into: Samples) -> None:
    """Play one call as Exotel and the phone see it: a context, Dial Whom, the push, the phone's ringing."""
    http.post(f"{ACCOUNT}/subscribers/alice/context", json={"dialToNumber": "bob", "message": ""}).raise_for_status()
    query = {"CallSid": uuid.uuid4().hex, "CallFrom": "sip:alice", "CallTo": f"sip:{demo.EXOPHONE}"}
    into["dial_whom"].append(timed(lambda: http.get(f"{ACCOUNT}/dialtonumber", params=query, auth=EXOTEL)))
    call = payload()
    body = {"subscriberName": "bob", "payload": call, "payloadVersion": "1"}
    into["pushtoclient"].append(timed(lambda: http.post(f"{ACCOUNT}/pushtoclient", json=body, auth=EXOTEL)))
    began = time.time() * 1000 - into["pushtoclient"][-1]
    while not (rung := stack.simulators.pushes.accepted(call)):
        assert time.time() * 1000 - began < 30_000, "the phone did not ring"
        time.sleep(0.002)
    into["push_to_ring"].append(rung[0].at - began)


def main(without: Path, rounds: int) -> int:
    """Print the medians and their ratios; return 1 where one is too high."""
    names = ("dial_whom", "pushtoclient", "push_to_ring")
    found: dict[str, Samples] = {which: {name: [] for name in names} for which in ("without", "with")}
    templates = {"without": without, "with": TEMPLATE}
    with (
        LocalStack(Options(port=0), template=templates["without"]) as before,
        LocalStack(Options(port=0), template=templates["with"]) as after,
        httpx.Client(base_url=before.base_url, timeout=30) as http_before,
        httpx.Client(base_url=after.base_url, timeout=30) as http_after,
    ):
        stacks = {"without": (before, http_before), "with": (after, http_after)}
        for number in range(rounds + 5):
            order = ("without", "with") if number % 2 else ("with", "without")
            for which in order:
                sample(*stacks[which], found[which])
    return report(found)


def report(found: dict[str, Samples]) -> int:
    """Print a line for each measured thing; the first five rounds are warming up."""
    worst = 0.0
    for name, samples in found["with"].items():
        with_, without = statistics.median(samples[5:]), statistics.median(found["without"][name][5:])
        worst = max(worst, with_ / without)
        print(f"{name:14} without {without:8.2f} ms  with {with_:8.2f} ms  ratio {with_ / without:.3f}")
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200))
