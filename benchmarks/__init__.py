"""Measurements of the product, each a program.

`python -m benchmarks` is `make bench` (docs/benchmarks.md): parts/ has a module for each of its parts, subjects/ the
code that ours is compared with; handlers/ runs either as Lambda does, surroundings/ plays AWS and FCM, report/ judges,
prints and writes. load/, cost/ and quotas/ have documents of their own.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
