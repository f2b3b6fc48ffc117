"""Print the bill of a month of so many calls, or write the tables of docs/cost.md.

    python -m benchmarks.cost 250000 devices=2 events=3    # names of call.py
    python -m benchmarks.cost --write

`make measure-cost` measures anew what the figures come from.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.changed import changed
from benchmarks.cost.call import Call
from benchmarks.cost.levers import record
from benchmarks.cost.report import bill, sections
from benchmarks.cost.usage import Month
from benchmarks.generated import filled

DOCUMENT = Path(__file__).parents[2] / "docs" / "cost.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cost", description="What calls cost on AWS.")
    parser.add_argument("calls", nargs="?", type=float, default=1e6, help="in a month; default a million")
    parser.add_argument("assumed", nargs="*", metavar="NAME=VALUE", help="another assumption, such as devices=2")
    parser.add_argument("--write", action="store_true", help="the tables of docs/cost.md instead")
    parser.add_argument("--lever", metavar="WORDS", help="add the bill as it is now to levers.json, under these words")
    given = parser.parse_args()
    if given.lever:
        record(given.lever)
        return
    if given.write:
        DOCUMENT.write_text(filled(DOCUMENT.read_text(encoding="utf-8"), sections()), encoding="utf-8")
        return
    try:
        month = Month(given.calls, changed(Call(), given.assumed))
    except ValueError as fault:
        parser.error(str(fault))
    sys.stdout.write(bill(month) + "\n")


if __name__ == "__main__":
    main()
