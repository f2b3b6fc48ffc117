"""A login with nothing but alice."""

import pytest

from tests.benches.vend_token import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()
