"""Measurements of the product, each a program.

`python -m benchmarks` is `make bench` (docs/benchmarks.md): parts/ has a module for each of its parts, subjects/ has
the code that ours is compared with; handlers/ runs both as Lambda does, surroundings/ simulates AWS and FCM, report/
checks bounds, prints and draws. load/, cost/ and quotas/ have documents of their own; builds.py compares two builds of
the product.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
