"""A subscriber API that nobody has used yet."""

import pytest

from tests.benches.manage_subscribers import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()
