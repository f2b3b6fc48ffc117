"""AWS with random faults: some requests are refused, and the answers of some executed ones are lost."""

import random
from collections import Counter
from itertools import cycle

from tests.fakes.moto_server import MotoServer, Requests

FAULTS = {
    "down": (503, b'{"__type": "ServiceUnavailable"}'),
    "throttled": (400, b'{"__type": "ThrottlingException"}'),
    "garbage": (200, b"no answer of anybody's"),
    "refused": None,  # closed before the request is executed
    "lost": None,  # closed after it is executed
    "truncated": None,  # closed in the middle of its answer
}


class Chancy(MotoServer):
    """Each request fails with that probability. `used` counts the faults by name."""

    def __init__(self, probability: float, seed: int) -> None:
        super().__init__()
        self.RequestHandlerClass = _ChancyRequests
        self._probability = probability
        self._chance = random.Random(seed)  # noqa: S311 it hides nothing
        # In turn, so that each fault is used, however few requests a busy machine makes.
        self._faults = cycle(self._chance.sample(list(FAULTS), len(FAULTS)))
        self.used: Counter[str] = Counter()

    def fault(self) -> str | None:
        if self._chance.random() >= self._probability:
            return None
        fault = next(self._faults)
        self.used[fault] += 1
        return fault


class _ChancyRequests(Requests):
    server: Chancy

    def serve(self) -> None:
        fault = self.server.fault()
        if said := FAULTS.get(fault or ""):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(said[0], {}, said[1])
            return
        if fault == "refused":
            self.close_connection = True
            return
        status, headers, body = self.deed()
        self.close_connection = fault in ("lost", "truncated")
        if fault == "truncated":
            self.wfile.write(f"HTTP/1.1 {status} OK\r\nContent-Length: {len(body) + 1}\r\n\r\n".encode() + body)
        elif fault != "lost":
            self.answer(status, headers, body)

    do_POST = serve  # noqa: N815 as the standard library calls it
