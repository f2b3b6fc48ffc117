"""After a restore from a snapshot, all state of before is created again."""

import random
from functools import cache

import pytest
import snapshot_restore_py

from switchboard.runtime.restore import after_restore, renew


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What Lambda's runtime will call after a restore."""
    found: list[object] = []
    monkeypatch.setattr(snapshot_restore_py, "_after_restore_registry", found)
    return found


def test_without_snapstart_nothing_is_registered(registered: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    after_restore((), lambda: pytest.fail("called"))
    assert registered == []


def test_with_snapstart_it_is_left_to_the_runtime(registered: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    after_restore((), lambda: pytest.fail("called before the restore"))
    assert len(registered) == 1


def test_what_was_kept_is_built_anew_before_the_first_request() -> None:
    built: list[str] = []

    @cache
    def client() -> int:
        built.append("client")
        return len(built)

    before = client()
    renew((client,), client)
    assert built == ["client", "client"]
    assert client() != before


def test_two_restores_of_one_snapshot_generate_different_random_numbers() -> None:
    random.seed(7)
    snapshot = random.getstate()
    renew((), lambda: None)
    first = random.getstate()
    random.setstate(snapshot)
    renew((), lambda: None)
    assert first != random.getstate() != snapshot
