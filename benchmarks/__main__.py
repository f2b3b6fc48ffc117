"""`make bench`: measure, print, write docs/bench.json, docs/bench.svg and docs/benchmarks.md, judge.

    python -m benchmarks [PART…] [FUNCTION or RIVAL…]

Without a part, all; with functions or rivals, only their rows. What was measured is written at once, row by row. Exits
with 1 where a bound does not hold or a thing cannot be measured.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from benchmarks import document, figures, init_part, pushes_part, relay_part, rivals_part, sizes_part, warm_part
from benchmarks.bounds import verdicts
from benchmarks.cachegrind import CachegrindError, command
from benchmarks.figures import Figures
from benchmarks.functions import ROOT, names
from benchmarks.picture import picture
from benchmarks.processes import HandlerError
from benchmarks.seeding import seed
from benchmarks.table import show
from benchmarks.world import World, world

type Measure = Callable[[World, str], Iterator[Figures]]
IN_WORLD: Mapping[str, Measure] = {
    "init": init_part.measure,
    "warm": warm_part.measure,
    "rivals": rivals_part.measure,
    "pushes": pushes_part.measure,
}
ALONE: Mapping[str, Callable[[], Figures]] = {"relay": relay_part.measure, "sizes": sizes_part.measure}
PICTURE = ROOT / "docs" / "bench.svg"
PARTS = (*IN_WORLD, *ALONE)


def measured(parts: Sequence[str], only: frozenset[str]) -> Iterator[Figures]:
    """Measure these parts, or of them only these functions and rivals; yield the figures as they come."""
    if inside := [part for part in parts if part in IN_WORLD]:
        with world(only) as surroundings:
            session = seed(surroundings, warm_part.MOST_EVENTS)
            for part in inside:
                yield from IN_WORLD[part](surroundings, session)
    for part in (part for part in parts if part in ALONE):
        yield ALONE[part]()


def told(found: Iterable[Figures]) -> Figures:
    """Write down figures as they come, say when, and return them all."""
    every: Figures = {}
    began = time.monotonic()
    for some in found:
        every = figures.renewed(every, some)
        figures.write(figures.renewed(figures.read(), some))
        rows = ", ".join(row for part in some.values() for row in part)
        print(f"{time.monotonic() - began:4.0f} s: {', '.join(some)} of {rows}", file=sys.stderr)
    return every


def main(asked: Sequence[str]) -> int:
    """Return 0 where all bounds of what was measured hold."""
    parts, only = [name for name in asked if name in PARTS], frozenset(asked) - set(PARTS)
    if unknown := only - {*names(), *rivals_part.RIVALS, rivals_part.FLOOR}:
        print(f"no such part, function or rival: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 1
    try:
        command(figures.FILE)  # rather now than after minutes
        found = told(measured(parts or PARTS, only))
    except (CachegrindError, HandlerError) as fault:
        print(fault, file=sys.stderr)
        return 1
    known = figures.read() | ({} if only else found)  # without rows that are no more
    figures.write(known)
    if set(PARTS) <= set(known):
        PICTURE.write_text(picture(known), encoding="utf-8")
        document.update(known, verdicts(known))
    return judged(found, known)


def judged(found: Figures, known: Figures) -> int:
    """Print what was found, and name the bounds of its parts that do not hold; return 1 where there are any."""
    verdict_of_all = verdicts({part: known[part] for part in found})
    show(found, found, verdict_of_all)
    bad = [verdict.bound.reach for verdict in verdict_of_all if not verdict.good]
    for reach in bad:
        print(f"does not hold: {reach}", file=sys.stderr)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
