"""Random arrivals of calls."""

import math
import random

STEP = 0.1  # seconds: of the whole simulation
MINUTE = 600  # steps


def burst(calls_a_second: float, seed: int = 1) -> list[int]:
    """Return the calls that begin in each step: a minute at a tenth of the rate, then a minute at the rate."""
    chance = random.Random(seed)
    return [_poisson(chance, rate * STEP) for rate in (calls_a_second / 10, calls_a_second) for _ in range(MINUTE)]


def _poisson(chance: random.Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    left, number = math.exp(-mean), 0
    product = chance.random()
    while product > left:
        number, product = number + 1, product * chance.random()
    return number
