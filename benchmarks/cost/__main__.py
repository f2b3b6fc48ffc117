"""Print what calls cost, or write it into docs/cost.md.

    python -m benchmarks.cost [--write]

`python -m benchmarks.cost.play` measures anew what the figures come from.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.cost.report import sections
from benchmarks.generated import filled

DOCUMENT = Path(__file__).parents[2] / "docs" / "cost.md"


def main() -> None:
    parser = argparse.ArgumentParser(description="What calls cost on AWS.")
    parser.add_argument("--write", action="store_true", help="into docs/cost.md")
    made = sections()
    if parser.parse_args().write:
        DOCUMENT.write_text(filled(DOCUMENT.read_text(encoding="utf-8"), made), encoding="utf-8")
    else:
        sys.stdout.write("\n\n".join(made.values()) + "\n")


if __name__ == "__main__":
    main()
