"""`make bench`: measure, print, judge, and write docs/bench.json and docs/benchmarks.md."""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import ROOT
from benchmarks.handlers.cachegrind import valgrind
from benchmarks.handlers.functions import names
from benchmarks.parts import init, pushes, relay, rivals, sizes, warm
from benchmarks.report.bounds import verdicts
from benchmarks.report.document import publish, republish
from benchmarks.report.figures import Figures, renewed
from benchmarks.report.table import show
from benchmarks.surroundings.seeding import seeded
from benchmarks.surroundings.world import World, world
from local.errors import LocalStackError

type Measure = Callable[[Sequence[str], frozenset[str]], Iterable[Figures]]

IN_WORLD: Mapping[str, Callable[[World], Iterator[Figures]]] = {
    "init": init.measure,
    "warm": warm.measure,
    "rivals": rivals.measure,
    "pushes": pushes.measure,
}
ALONE: Mapping[str, Callable[[], Figures]] = {"relay": relay.measure, "sizes": sizes.measure}
PARTS = (*IN_WORLD, *ALONE)
BY_FUNCTION = ("init", "warm")  # these have a row for each function
COUNTING = (*BY_FUNCTION, "rivals")  # instructions
DOCS = ROOT / "docs"


def measured(parts: Sequence[str], only: frozenset[str]) -> Iterator[Figures]:
    """Measure these parts, or of them only these functions; yield the figures as they come."""
    if set(COUNTING) & set(parts):
        valgrind()  # fail now rather than after minutes
    if inside := [part for part in parts if part in IN_WORLD]:
        with world(only) as empty:
            surroundings = seeded(empty, warm.MOST_EVENTS)
            for part in inside:
                yield from IN_WORLD[part](surroundings)
    for part in (part for part in parts if part in ALONE):
        yield ALONE[part]()


def main(arguments: Sequence[str], docs: Path = DOCS, measure: Measure = measured) -> int:
    """Return 0 if everything requested was measured and is within its bounds."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.tables:
        republish(docs)
        return 0
    parts, only = [name for name in asked.what if name in PARTS], frozenset(asked.what) - set(PARTS)
    if only and (unknown := only - set(names())):
        parser.error(f"no such part or function: {', '.join(sorted(unknown))}")
    found, whole = _told(measure, parts or (BY_FUNCTION if only else PARTS), only)
    if not found:
        return 1
    known = publish(found, docs, whole=whole and not only)
    judged = verdicts({part: known[part] for part in found})
    show(found, judged)
    bad = [verdict.bound.reach for verdict in judged if not verdict.good]
    for reach in bad:
        print(f"does not hold: {reach}", file=sys.stderr)
    return int(bool(bad) or not whole)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure what is built against bounds and a rival.",
        epilog="Exits with 1 where a bound does not hold or a thing cannot be measured.",
    )
    parser.add_argument("--tables", action="store_true", help="measure nothing, write the tables again from bench.json")
    parser.add_argument(
        "what",
        nargs="*",
        metavar="WHAT",
        help=f"a part ({', '.join(PARTS)}; without any, all), or a function, whose rows alone are wanted",
    )
    return parser


def _told(measure: Measure, parts: Sequence[str], only: frozenset[str]) -> tuple[Figures, bool]:
    """Measure and print the progress; return the figures, and whether they are complete."""
    found: Figures = {}
    began = time.monotonic()
    print(f"measuring {', '.join(parts)}; all parts take a quarter of an hour", file=sys.stderr)
    try:
        for some in measure(parts, only):
            found = renewed(found, some)
            rows = [row for part in some.values() for row in part]
            what = f"{', '.join(some)}: {rows[0] if len(rows) == 1 else f'{len(rows)} rows'}"
            print(f"{time.monotonic() - began:4.0f} s  {what}", file=sys.stderr)
    except (RuntimeError, LocalStackError) as fault:  # raised by parts that cannot continue
        print(fault, file=sys.stderr)
        return found, False
    except KeyboardInterrupt:
        return found, False
    return found, True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
