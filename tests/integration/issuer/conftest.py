"""An issuer on this machine, and a client that closes its connections."""

from collections.abc import Iterator

import pytest

from tests.benches.issuer import Bench
from tests.fakes.issuer_server import (
    issuer_server,
)


@pytest.fixture
def bench() -> Iterator[Bench]:
    with issuer_server() as server:
        made = Bench(server)
        yield made
        made.http.close()
