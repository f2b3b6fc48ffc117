"""A client of Exotel's API that closes its connections."""

from collections.abc import Iterator

import pytest

from tests.benches.exotel import Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.http.close()
