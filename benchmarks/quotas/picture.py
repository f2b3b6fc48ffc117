"""docs/quotas.svg: the share of calls whose phones ring in time, over calls a second, light and dark."""

import math
from collections.abc import Sequence
from typing import Any

from benchmarks.quotas.results import DRAWN

WIDTH, HEIGHT = 800, 430
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 62, 64
TICKS = (1, 10, 100, 1_000, 10_000)
LABELLED = 0.62  # the share beside which a line has its name
STYLE = """
    text { fill: #1f2933; font: 13px system-ui, 'Segoe UI', Helvetica, Arial, sans-serif }
    .title { font-size: 16px; font-weight: 600 }
    .note { fill: #52606d }
    .paper { fill: #fff }
    .grid { stroke: #e3e8ee; stroke-width: 1 }
    .axis { stroke: #8a97a6; stroke-width: 1 }
    .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round }
    .of0 { stroke: #5598e7 } .of1 { stroke: #2a78d6 } .of2 { stroke: #1c5cab } .of3 { stroke: #0d366b }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6ebf1 }
      .note { fill: #a5b1bf }
      .paper { fill: #15191e }
      .grid { stroke: #2a323b }
      .axis { stroke: #6b7886 }
      .of0 { stroke: #2a78d6 } .of1 { stroke: #5598e7 } .of2 { stroke: #86b6ef } .of3 { stroke: #cfe2f9 }
    }"""


def x_of(rate: float) -> float:
    span = math.log10(DRAWN[-1] / DRAWN[0])
    return LEFT + (WIDTH - LEFT - RIGHT) * math.log10(rate / DRAWN[0]) / span


def y_of(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)


def picture(found: Any) -> str:  # noqa: ANN401 - JSON
    """Return the picture of `results.find()`."""
    shares = [each["rang"] for each in found["together"].values()]
    described = "; ".join(f"{name}: {_falls(each['rang'])}" for name, each in found["together"].items())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        ' role="img" aria-labelledby="title desc">',
        '  <title id="title">Calls whose phones ring in time, over calls a second</title>',
        f'  <desc id="desc">{described}.</desc>',
        f"  <style>{STYLE}\n  </style>",
        f'  <rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
        f'  <text class="title" x="{LEFT}" y="26">Calls whose phones ring in time</text>',
        f'  <text class="note" x="{LEFT}" y="46">a minute of so many calls a second, after a minute of a tenth</text>',
        *_grid(),
        *(_line(number, each) for number, each in enumerate(shares)),
        *(part for name, each in found["together"].items() for part in _label(name, each)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _grid() -> list[str]:
    right, bottom = WIDTH - RIGHT, y_of(0)
    made = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        kind, y = ("grid" if share else "axis"), y_of(share)
        made.append(f'  <path class="{kind}" d="M{LEFT} {y:.1f}H{right}"/>')
        made.append(f'  <text class="note" x="{LEFT - 10}" y="{y + 4:.1f}" text-anchor="end">{share:.0%}</text>')
    for rate in TICKS:
        made.append(f'  <path class="axis" d="M{x_of(rate):.1f} {bottom:.1f}v6"/>')
        made.append(
            f'  <text class="note" x="{x_of(rate):.1f}" y="{bottom + 22:.1f}" text-anchor="middle">{rate:,}</text>'
        )
    middle = (LEFT + right) / 2
    return [*made, f'  <text x="{middle:.0f}" y="{HEIGHT - 16}" text-anchor="middle">calls a second</text>']


def _line(number: int, shares: Sequence[float]) -> str:
    points = " ".join(f"{x_of(rate):.1f},{y_of(share):.1f}" for rate, share in zip(DRAWN, shares, strict=True))
    return f'  <polyline class="line of{number}" points="{points}"/>'


def _label(name: str, found: Any) -> list[str]:  # noqa: ANN401 - JSON
    x, y = x_of(_rate_at(found["rang"], LABELLED)) + 12, y_of(LABELLED)
    return [
        f'  <text x="{x:.1f}" y="{y:.1f}">{name}</text>',
        f'  <text class="note" x="{x:.1f}" y="{y + 16:.1f}">99 % at {found["rings"]:,g}</text>',
    ]


def _rate_at(shares: Sequence[float], wanted: float) -> float:
    """Return the rate at which the line falls below a share."""
    after = next(number for number, share in enumerate(shares) if share < wanted)
    before = after - 1
    part = (shares[before] - wanted) / (shares[before] - shares[after])
    return float(DRAWN[before] * (DRAWN[after] / DRAWN[before]) ** part)


def _falls(shares: Sequence[float]) -> str:
    return f"half of the phones ring in time at {_rate_at(shares, 0.5):,.0f} calls a second"
