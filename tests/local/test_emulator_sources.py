from types import SimpleNamespace

import pytest

from local.emulator.queue_sources import amend


@pytest.mark.parametrize("given", ["2", 2])
def test_a_queues_concurrency_is_a_number_also_where_a_parameter_gives_it(given: object) -> None:
    service = SimpleNamespace(_sqs_esm_concurrency=lambda source, _function: source["limit"])
    amend(service)
    assert service._sqs_esm_concurrency({"limit": given}, None) == 2
