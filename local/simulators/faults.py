"""Faults on demand: error answers and delays of the simulators."""

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

OF_CALLS = ("fcm", "apns")  # what each call's pushes go to
TARGETS = ("fcm", "fcm-oauth", "fcm-data", "apns", "exotel")
HOSTS = ("production", "sandbox")
NEXT_CALL = "next"
FCM_STATUS = {
    "UNREGISTERED": 404,
    "INVALID_ARGUMENT": 400,
    "SENDER_ID_MISMATCH": 403,
    "THIRD_PARTY_AUTH_ERROR": 401,
    "QUOTA_EXCEEDED": 429,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
}


class BadFaultError(ValueError):
    """An invalid fault; the message names the field."""


@dataclass(frozen=True)
class Fault:
    """The next `times` answers of `target` are delayed by `delay_ms`, and fail if there is a `status` or `error_code`.

    `retry_after` is in seconds. `field` names the wrong field of an INVALID_ARGUMENT (`message.token`); `token` limits
    the fault to one device token, `subscriber` to one name of a bulk creation, `host` to one environment of APNs, whose
    reasons are `error_code`s; `timestamp` (milliseconds) is what APNs says in a 410. With `every` n, only each nth
    matching answer is faulty; `passed` counts the good ones since the last. `call` limits the fault to the pushes of
    one call, by its payload's session id; `next` is the next call that is placed. It is gone when that call has ended.
    """

    target: str
    status: int | None = None
    error_code: str | None = None
    retry_after: int | None = None
    delay_ms: int = 0
    times: int = 1
    field: str | None = None
    token: str | None = None
    subscriber: str | None = None
    every: int | None = None
    passed: int | None = None
    host: str | None = None
    timestamp: int | None = None
    call: str | None = None

    @property
    def answer_status(self) -> int | None:
        """The HTTP status to fail with, or None for a fault that only delays."""
        if self.status is not None:
            return self.status
        if self.error_code is not None:
            return FCM_STATUS.get(self.error_code, 400)
        return None if self.delay_ms else 503


def parse_fault(body: object) -> Fault:
    """A fault from the JSON of `POST /_sim/faults`; raises BadFaultError."""
    if not isinstance(body, Mapping):
        raise BadFaultError("a fault is a JSON object")
    unknown = set(body) - set(Fault.__dataclass_fields__)
    if unknown:
        raise BadFaultError(f"unknown field {sorted(unknown)[0]!r}")
    if body.get("target") not in TARGETS:
        raise BadFaultError(f"target must be one of {', '.join(TARGETS)}")
    given = {name: value for name, value in body.items() if value is not None}
    _check_numbers(given)
    _check_words(given)
    return Fault(**given)


def _check_numbers(given: Mapping[str, object]) -> None:
    """Raise BadFaultError for a number out of its bounds."""
    bounds = {
        "status": (300, 599),
        "retry_after": (0, 86400),
        "delay_ms": (0, 600_000),
        "times": (1, 1_000_000),
        "every": (1, 1_000),
        "passed": (0, 1_000),
        "timestamp": (0, 10**15),
    }
    for name, (lowest, highest) in bounds.items():
        value = given.get(name, lowest)
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise BadFaultError(f"{name} must be a whole number from {lowest} to {highest}")


def _check_words(given: Mapping[str, object]) -> None:
    """Raise BadFaultError for a text field of another type."""
    for name in ("error_code", "field", "token", "subscriber", "call"):
        if not isinstance(given.get(name, ""), str):
            raise BadFaultError(f"{name} must be text")
    if given.get("host", HOSTS[0]) not in HOSTS:
        raise BadFaultError(f"host must be one of {', '.join(HOSTS)}")
    if "call" in given and given["target"] not in OF_CALLS:
        raise BadFaultError(f"only faults of {', '.join(OF_CALLS)} can be limited to a call")


class Faults:
    """The pending faults, in the order in which they were set. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a fault after those already set."""
        with self._lock:
            self._faults.append(fault)

    def take(
        self,
        target: str,
        token: str | None = None,
        *,
        subscriber: str | None = None,
        host: str | None = None,
        call: str | None = None,
    ) -> Fault | None:
        """Return and count one occurrence of the first fault for this target, token, host and call, if there is one.

        With `subscriber` only faults of that name match, without it only faults without a name.
        """
        with self._lock:
            for position, fault in enumerate(self._faults):
                fits = fault.token in (None, token) and fault.host in (None, host) and fault.call in (None, call)
                if fault.target == target and fits and fault.subscriber == subscriber:
                    struck, rest = _struck(fault)
                    self._faults[position : position + 1] = rest
                    if struck:
                        return fault
        return None

    def begin_call(self, call: str) -> None:
        """Let what was set for the next call apply to this one."""
        with self._lock:
            self._faults = [replace(one, call=call) if one.call == NEXT_CALL else one for one in self._faults]

    def end_call(self, call: str) -> None:
        """Remove what was set for a call and has not happened."""
        with self._lock:
            self._faults = [one for one in self._faults if one.call != call]

    def remove(self, position: int) -> None:
        """Remove the fault at a position of `left`, if there is one."""
        with self._lock:
            del self._faults[position : position + 1]

    def left(self) -> list[dict[str, object]]:
        """Return the pending faults as JSON objects, without fields that were not given."""
        with self._lock:
            return [
                {name: value for name, value in asdict(fault).items() if value is not None} for fault in self._faults
            ]

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._faults.clear()


def _struck(fault: Fault) -> tuple[bool, list[Fault]]:
    """Return whether the fault applies this time, and the rest of it."""
    passed = (fault.passed or 0) + 1
    if fault.every is not None and passed < fault.every:
        return False, [replace(fault, passed=passed)]
    return True, [replace(fault, times=fault.times - 1, passed=None)] if fault.times > 1 else []
