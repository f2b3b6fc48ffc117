"""Try one burst of calls against quotas of your own; or simulate bursts against each, for docs/cost.md and its picture.

    python -m benchmarks.quotas 20 concurrency=50 devices=2 --seed 3    # calls a second for a minute
    python -m benchmarks.quotas --write                                 # two minutes of computing

Names are those of limits.py, and of call.py beside the bill. What is not given is as in an account with the usual
quotas and the template as it is.
"""

import argparse
import json
import sys
from dataclasses import replace

from benchmarks.changed import changed
from benchmarks.cost.__main__ import DOCUMENT
from benchmarks.cost.call import Call
from benchmarks.generated import filled
from benchmarks.quotas import picture, report, results
from benchmarks.quotas.arrivals import burst
from benchmarks.quotas.demand import demand
from benchmarks.quotas.deployments import usual
from benchmarks.quotas.simulation import simulate

PICTURE = DOCUMENT.with_name("quotas.svg")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quotas", description="Which quota binds first.")
    parser.add_argument("rate", nargs="?", type=float, default=50, help="calls a second; default 50")
    parser.add_argument("changes", nargs="*", metavar="NAME=VALUE", help="another limit, or what is assumed of a call")
    parser.add_argument("--ring-seconds", type=float, default=demand().ring_seconds, help="as the template says, or")
    parser.add_argument("--seed", type=int, default=1, help="of the calls' beginnings")
    parser.add_argument("--write", action="store_true", help="into docs/cost.md and docs/quotas.svg instead")
    given = parser.parse_args()
    if given.write:
        results.RESULTS.write_text(json.dumps(results.find(), indent=1) + "\n")
        draw()
        return
    of_call = [word for word in given.changes if word.partition("=")[0] in vars(Call())]
    try:
        limits = changed(usual(), [word for word in given.changes if word not in of_call])
        asked = replace(demand(changed(Call(), of_call)), ring_seconds=given.ring_seconds)
    except ValueError as fault:
        parser.error(str(fault))
    sys.stdout.write(report.in_words(simulate(burst(given.rate, given.seed), limits, asked)) + "\n")


def draw() -> None:
    """Write again what was found last."""
    found = results.found()
    DOCUMENT.write_text(filled(DOCUMENT.read_text(encoding="utf-8"), report.sections(found)), encoding="utf-8")
    PICTURE.write_text(picture.picture(found), encoding="utf-8")


if __name__ == "__main__":
    main()
