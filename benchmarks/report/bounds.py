"""The bounds, each with the figure that it limits."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from benchmarks.report.figures import Figures


@dataclass(frozen=True)
class Bound:
    """`figure` of `row` in `part` must be at most, or at least, `limit`; `reach` says so in words."""

    part: str
    row: str
    figure: str
    direction: Literal["<=", ">=", "<"]
    limit: float
    reach: str

    def holds(self, value: float) -> bool:
        """Whether a figure keeps within the bound; no figure at all, a NaN, never does."""
        return {"<=": value <= self.limit, ">=": value >= self.limit, "<": value < self.limit}[self.direction]


@dataclass(frozen=True)
class Verdict:
    """A bound and the figure that was measured for it, None where it was not."""

    bound: Bound
    value: float | None

    @property
    def good(self) -> bool:
        """Whether it was measured and holds."""
        return self.value is not None and self.bound.holds(self.value)


BOUNDS = (
    Bound(
        "init",
        "DialWhomFunction",
        "x_boto3",
        "<=",
        0.35,
        "Dial Whom INIT, Powertools' Logger and our metrics in it, against import boto3 + client",
    ),
    Bound("init", "AcceptPushFunction", "x_boto3", "<=", 0.36, "accept_push INIT against the same"),
    Bound("init", "AcceptCallEventFunction", "x_boto3", "<=", 0.40, "accept_call_event INIT against the same"),
    Bound("init", "DeliverPushFunction", "x_boto3", "<=", 1.0, "deliver_push INIT, APNs in it, against the same"),
    Bound("warm", "DialWhomFunction", "x_sdk", "<=", 0.35, "Dial Whom warm against its SDK calls"),
    Bound("rivals", "fastapi as shipped", "init_x_ours", ">=", 5, "FastAPI + Mangum INIT as shipped, against ours"),
    Bound(
        "rivals", "fastapi byte-compiled", "init_x_ours", ">=", 2.5, "FastAPI + Mangum INIT byte-compiled, against ours"
    ),
    Bound(
        "rivals",
        "fastapi byte-compiled",
        "overhead_x_ours",
        ">=",
        2.5,
        "FastAPI + Mangum warm overhead above the SDK calls, against ours",
    ),
    Bound("pushes", "10 devices", "x_one_device", "<=", 1.5, "10 devices against one, on connections that are open"),
    Bound(
        "pushes",
        "10 devices, each on a new connection",
        "x_one_device",
        "<=",
        2.5,
        "10 devices against one, each on a new TLS connection to FCM",
    ),
    Bound("pushes", "OAuth", "fetches_an_hour", "<=", 1, "OAuth fetches per environment and hour"),
    Bound("relay", "10 a second", "p50_ms", "<", 100, "webhook to FCM at 10 a second, median, ms"),
    Bound("relay", "10 a second", "p99_ms", "<", 500, "webhook to FCM at 10 a second, 99th percentile, ms"),
    Bound("sizes", "DependenciesLayer", "unzipped_mb", "<=", 30, "shared dependency layer with its byte code, MB"),
    *(
        Bound("relay", f"{rate} a second", figure, "<=", 0, f"pushes {figure} at {rate} a second")
        for rate in (1, 10, 50)
        for figure in ("lost", "repeated")
    ),
    Bound("imports", "all functions", "without_byte_code", "<=", 0, "modules loaded without byte code"),
)


def verdicts(figures: Figures, bounds: Iterable[Bound] = BOUNDS) -> list[Verdict]:
    """Judge the bounds of the parts that were measured."""
    return [
        Verdict(bound, figures[bound.part].get(bound.row, {}).get(bound.figure))
        for bound in bounds
        if bound.part in figures
    ]
