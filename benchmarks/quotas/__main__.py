"""Simulate bursts of calls against every quota, and write what is found into docs/cost.md and docs/quotas.svg.

python -m benchmarks.quotas             # a minute of computing
python -m benchmarks.quotas --draw      # only write again what was found last
"""

import argparse
import json

from benchmarks.cost.__main__ import DOCUMENT
from benchmarks.generated import filled
from benchmarks.quotas import picture, report, results

PICTURE = DOCUMENT.with_name("quotas.svg")


def main() -> None:
    parser = argparse.ArgumentParser(description="Which quota binds first.")
    parser.add_argument("--draw", action="store_true", help="do not simulate")
    if not parser.parse_args().draw:
        results.RESULTS.write_text(json.dumps(results.find(), indent=1) + "\n")
    found = results.found()
    DOCUMENT.write_text(filled(DOCUMENT.read_text(encoding="utf-8"), report.sections(found)), encoding="utf-8")
    PICTURE.write_text(picture.picture(found), encoding="utf-8")


if __name__ == "__main__":
    main()
