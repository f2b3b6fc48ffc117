"""The tests of a file, and of a shared stack, run in one worker; else each worker would start the same stacks."""

import pytest


def test_the_worker_groups_are_honoured(request: pytest.FixtureRequest) -> None:
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("the tests are not distributed by group")
    assert request.node.nodeid.endswith("@tests/unit/test_shared_workers.py")
