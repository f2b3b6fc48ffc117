"""`make bench`: measure, print, write docs/bench.json, docs/bench.svg and docs/benchmarks.md, judge.

    python -m benchmarks [PART…]

Without a part, all. Exits with 1 where a bound does not hold or a thing cannot be measured.
"""

import sys
import time
from collections.abc import Callable, Mapping, Sequence

from benchmarks import document, figures, init_part, pushes_part, relay_part, rivals_part, sizes_part, warm_part
from benchmarks.bounds import verdicts
from benchmarks.cachegrind import CachegrindError, command
from benchmarks.figures import Figures
from benchmarks.functions import ROOT
from benchmarks.picture import picture
from benchmarks.processes import HandlerError
from benchmarks.seeding import seed
from benchmarks.table import show
from benchmarks.world import World, world

type Measure = Callable[[World, str], Figures]
IN_WORLD: Mapping[str, Measure] = {
    "init": init_part.measure,
    "warm": warm_part.measure,
    "rivals": rivals_part.measure,
    "pushes": pushes_part.measure,
}
ALONE: Mapping[str, Callable[[], Figures]] = {"relay": relay_part.measure, "sizes": sizes_part.measure}
PICTURE = ROOT / "docs" / "bench.svg"
PARTS = (*IN_WORLD, *ALONE)


def measured(parts: Sequence[str]) -> Figures:
    """Measure these parts."""
    found: Figures = {}
    if set(parts) & set(IN_WORLD):
        with world() as surroundings:
            session = seed(surroundings, warm_part.MOST_EVENTS)
            for part in parts:
                if part in IN_WORLD:
                    found |= said(part, lambda part=part: IN_WORLD[part](surroundings, session))  # type: ignore[misc]
    for part in parts:
        if part in ALONE:
            found |= said(part, ALONE[part])
    return found


def said(part: str, measure: Callable[[], Figures]) -> Figures:
    """Measure, and say how long it took."""
    began = time.monotonic()
    print(f"measuring {part}", end=" ", file=sys.stderr, flush=True)
    found = measure()
    print(f"took {time.monotonic() - began:.0f} s", file=sys.stderr)
    return found


def main(asked: Sequence[str]) -> int:
    """Return 0 where all bounds of the measured parts hold."""
    if unknown := set(asked) - set(PARTS):
        print(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 1
    try:
        command(figures.FILE)  # rather now than after minutes
        found = measured(asked or PARTS)
    except (CachegrindError, HandlerError) as fault:
        print(fault, file=sys.stderr)
        return 1
    known = figures.read() | found
    figures.write(known)
    if set(PARTS) <= set(known):
        PICTURE.write_text(picture(known), encoding="utf-8")
        document.update(known, verdicts(known, known))
    judged = verdicts(found, found)
    show(found, found, judged)
    for verdict in judged:
        if not verdict.good:
            print(f"does not hold: {verdict.bound.reach}", file=sys.stderr)
    return int(not all(verdict.good for verdict in judged))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
