"""The picture of a run: docs/bench.svg, drawn from its figures alone."""

from collections.abc import Sequence
from html import escape

from benchmarks.report.figures import Figures, Part
from benchmarks.report.table import number

NAMES = {  # of rows
    "ours": "Switchboard",
    "fastapi": "FastAPI + Mangum",
    "flask": "Flask + apig-wsgi",
    "chalice": "Chalice",
    "tutorial": "tutorial build",
    "floor": "raw sockets, the floor",
}
WIDTH, LABELS, BARS, STEP, HEAD = 900, 250, 520, 34, 70
STYLE = """
    svg { --page: #fff; --ink: #1f2933; --soft: #52606d; --ours: #ea7a2f; --theirs: #8aa0c8; --light: #c9d5ec;
      --yardstick: #9aa5b1 }
    @media (prefers-color-scheme: dark) { svg { --page: #11161d; --ink: #e6edf3; --soft: #a3b1c0; --ours: #f0843c;
      --theirs: #6680b0; --light: #3a4a6b; --yardstick: #616e7c } }
    text { fill: var(--ink) } .soft { fill: var(--soft); font-size: 13px } .page { fill: var(--page) }
    .head { font-weight: 600; font-size: 16px } .label { text-anchor: end }
    .ours { fill: var(--ours) } .theirs { fill: var(--theirs) } .light { fill: var(--light) }
    .yardstick { fill: var(--yardstick) }"""

type Bar = tuple[str, float, str]  # what it is of, how long it is, its class


def picture(figures: Figures) -> str:
    """Return an SVG of Dial Whom beside its rivals; their part must have been measured."""
    inits, warms = _inits(figures), _warms(figures)
    init = _panel("INIT of Dial Whom, million instructions", "fainter: without byte code, as sam build ships it", inits)
    warm = _panel("A warm call of it, million instructions", "the AWS calls that it makes included", warms)
    height = HEAD * 2 + STEP * (len(inits) + len(warms)) + 30
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        ' role="img" aria-labelledby="title desc"'
        ' font-family="system-ui, \'Segoe UI\', Helvetica, Arial, sans-serif" font-size="15">\n'
        '  <title id="title">Dial Whom beside the same endpoint as others build it</title>\n'
        f'  <desc id="desc">{escape(_words(figures))}</desc>\n  <style>{STYLE}\n  </style>\n'
        f'  <rect class="page" width="{WIDTH}" height="{height}" rx="12"/>\n'
        f"{_moved(init, 0)}{_moved(warm, HEAD + STEP * len(inits))}</svg>\n"
    )


def _inits(figures: Figures) -> list[Bar]:
    rivals, boto3 = figures["rivals"], figures["init"]
    bars = [(NAMES["ours"], rivals["ours"]["init_million_instructions"], "ours")]
    for name in _rivals(rivals):
        for kind, label, style in (("byte-compiled", NAMES[name], _style(name)), ("as shipped", "", "light")):
            if row := rivals.get(f"{name} {kind}"):
                bars.append((label, row["init_million_instructions"], style))
    yardstick = boto3["boto3 client byte-compiled"]["million_instructions"]
    return [*bars, ("import boto3, one client", yardstick, "yardstick")]


def _warms(figures: Figures) -> list[Bar]:
    rivals = figures["rivals"]
    rows_of = {name: f"{name} byte-compiled" for name in _rivals(rivals)}
    rows = [("ours", "ours", "ours"), *((name, row, _style(name)) for name, row in rows_of.items() if row in rivals)]
    bars = [(NAMES[name], rivals[row]["warm_million_instructions"], style) for name, row, style in rows]
    yardstick = figures["warm"]["DialWhomFunction"]["sdk_million_instructions"]
    return [*bars, ("its AWS calls, boto3", yardstick, "yardstick")]


def _rivals(rivals: Part) -> Sequence[str]:
    return list(dict.fromkeys(name.partition(" ")[0] for name in rivals if name != "ours"))


def _style(name: str) -> str:
    return "yardstick" if name == "floor" else "theirs"


def _panel(title: str, subtitle: str, bars: Sequence[Bar]) -> str:
    longest = max(value for _, value, _ in bars)
    lines = [
        f'<text class="head" x="30" y="38">{escape(title)}</text>'
        f'<text class="soft" x="{LABELS}" y="58">{escape(subtitle)}</text>'
    ]
    for place, (label, value, style) in enumerate(bars):
        y, length = HEAD + STEP * place, BARS * value / longest
        lines.append(
            f'<text class="label" x="{LABELS - 12}" y="{y + 17}">{escape(label)}</text>'
            f'<rect class="{style}" x="{LABELS}" y="{y}" width="{length:.0f}" height="24" rx="3"/>'
            f'<text x="{LABELS + length + 10:.0f}" y="{y + 17}">{number(value)}</text>'
        )
    return "\n    ".join(lines)


def _moved(panel: str, down: int) -> str:
    return f'  <g transform="translate(0 {down})">\n    {panel}\n  </g>\n'


def _words(figures: Figures) -> str:
    inits = ", ".join(f"{label or 'the same without byte code'} {number(value)}" for label, value, _ in _inits(figures))
    warms = ", ".join(f"{label} {number(value)}" for label, value, _ in _warms(figures))
    return f"INIT in million instructions: {inits}. A warm call in million instructions: {warms}."
